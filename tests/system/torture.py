"""SIP as RFC 4475 tortures a parser with it, told anew for our own number; the names are those of the RFC.

All addresses to which an answer or a request could go are of the machine itself.
"""

from collections.abc import Iterator, Mapping

SDP = """v=0
o=mhandley 29739 7272939 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio 9 RTP/AVP 8
a=rtpmap:8 PCMA/8000
"""
_PARTS = (
    "--7a9cbec02ceef655\nContent-Type: text/plain\nContent-Transfer-Encoding: binary\n\nHello\n"
    "--7a9cbec02ceef655\nContent-Type: application/octet-stream\n\n\x00\x01\x0b0\x82\x01S\x06\n"
    "--7a9cbec02ceef655--\n"
)
_METHOD = "!interesting-Method0123456789_*+`.%indeed'~"
_USER = "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)"
_HEADERS: Mapping[str, str] = {
    "To": "sip:1580@127.0.0.1",
    "From": "<sip:caller@127.0.0.1>;tag=323",
    "Max-Forwards": "70",
    "Call-ID": "@NAME@.@COUNT@@127.0.0.1",
    "CSeq": "8 @METHOD@",
    "Via": "SIP/2.0/UDP 127.0.0.1:@PORT@;branch=z9hG4bK@NAME@@COUNT@",
    "Contact": "<sip:caller@127.0.0.1:@PORT@>",
}
TORTURES: Mapping[str, tuple[str, Mapping[str, str], str]] = {
    # 3.1.1: valid
    "wsinv": (
        "INVITE sip:1580@127.0.0.1;unknownparam SIP/2.0",
        {
            "TO ": "\n sip:1580@127.0.0.1 ;   tag    = 1918181833n",
            "To": "",
            "From": '"J Rosenberg \\\\\\"" <sip:jdrosen@127.0.0.1>\n  ;\n  tag = 98asjd8',
            "MaX-fOrWaRdS": "0068",
            "Max-Forwards": "",
            "cseq": "0009\n  INVITE",
            "CSeq": "",
            "NewFangledHeader": "newfangled value\n continued newfangled value",
            "UnknownHeaderWithUnusualValue": ";;,,;;,;",
            "Route": "<sip:127.0.0.1;lr;unknownwith=value;unknown-no-value>",
            "v": "SIP  / 2.0  / TCP  127.0.0.1  ;\n  branch  =  z9hG4bK9ikj8  ,\n SIP / 2.0 / UDP 127.0.0.1",
            "m": '"Quoted \\"\\"" <sip:j@127.0.0.1> ; newparam =\n  newvalue ;\n  second ; q = 0.33',
            "Contact": "",
        },
        SDP,
    ),
    "intmeth": (
        f"{_METHOD} sip:{_USER}@127.0.0.1 SIP/2.0",
        {
            "To": f'"BEL:\\\x07 NUL:\\\x00 DEL:\\\x7f" <sip:{_USER}@127.0.0.1>',
            "From": "token1~` token2'+_ token3*%!.- <sip:mundane@127.0.0.1>;fromParam''~+*_!.-%="
            '"працюючий";tag=_token~1\'+`*%!-.',
            "CSeq": f"139122385 {_METHOD}",
            "extensionHeader-!.%*+_`'~": "\ufeff大停電",
        },
        "",
    ),
    "esc01": (
        "INVITE sip:sips%3Auser%40example.com@127.0.0.1 SIP/2.0",
        {"To": "sip:%75se%72@127.0.0.1", "From": "<sip:I%20have%20spaces@127.0.0.1>;tag=938"},
        SDP,
    ),
    "escnull": (
        "REGISTER sip:127.0.0.1 SIP/2.0",
        {
            "To": "sip:null-%00-null@127.0.0.1",
            "From": "sip:null-%00-null@127.0.0.1;tag=839923423",
            "Contact": "<sip:%00@127.0.0.1>, <sip:%00%00@127.0.0.1>",
        },
        "",
    ),
    "esc02": ("RE%47IST%45R sip:127.0.0.1 SIP/2.0", {"To": '"%Z%45" <sip:resource@127.0.0.1>'}, ""),
    "lwsdisp": ("OPTIONS sip:1580@127.0.0.1 SIP/2.0", {"From": "caller<sip:caller@127.0.0.1>;tag=323"}, ""),
    "longreq": (
        "INVITE sip:1580@127.0.0.1 SIP/2.0",
        {
            "To": f'"A user name of {"extreme" * 10} proportion"<sip:1580@127.0.0.1;{"longparam" * 25}=1>',
            "F": f"sip:{'longcallername' * 8}@127.0.0.1;tag={'12' * 50};unknownparamname{'long' * 20}",
            "From": "",
            "Call-ID": f"longreq.one{'really' * 20}longcallid@COUNT@",
            "Unknown-" + "Long" * 20 + "-Name": f"unknown-{'long' * 20}-value; parameter-{'long' * 20}=value",
            "v": ", ".join(f"SIP/2.0/UDP sip{n}.127.0.0.1;branch=z9hG4bK{n}" for n in range(30)),
        },
        SDP,
    ),
    "semiuri": ("OPTIONS sip:user;par=u%40example.net@127.0.0.1 SIP/2.0", {}, ""),
    "transports": (
        "OPTIONS sip:1580@127.0.0.1 SIP/2.0",
        {
            "v": "SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKkdjuw, SIP/2.0/SCTP 127.0.0.1;branch=z9hG4bK39,"
            " SIP/2.0/TLS 127.0.0.1;branch=z9hG4bK40, SIP/2.0/UNKNOWN 127.0.0.1;branch=z9hG4bK41"
        },
        "",
    ),
    "mpart01": (
        "MESSAGE sip:1580@127.0.0.1 SIP/2.0",
        {"Content-Type": "multipart/mixed;boundary=7a9cbec02ceef655"},
        _PARTS,
    ),
    "unreason": (
        "SIP/2.0 200 = 2**3 * 5**2 \u043d\u043e \u0441\u0442\u043e \u0434\u0435\u0432\u044f",
        {},
        SDP,
    ),
    "noreason": ("SIP/2.0 100 ", {}, ""),
    # 3.1.2: invalid
    "badinv01": (
        "INVITE sip:1580@127.0.0.1 SIP/2.0",
        {
            "To": "sip:j.user@127.0.0.1",
            "Contact": '"Joe" <sip:joe@127.0.0.1>;;;;',
            "v": "SIP/2.0/UDP 127.0.0.1;;,;,,",
        },
        SDP,
    ),
    "clerr": ("INVITE sip:1580@127.0.0.1 SIP/2.0", {"Content-Length": "9999"}, SDP),
    "ncl": ("INVITE sip:1580@127.0.0.1 SIP/2.0", {"Content-Length": "-999"}, SDP),
    "scalar02": (
        "REGISTER sip:127.0.0.1 SIP/2.0",
        {
            "CSeq": "36893488147419103232 REGISTER",
            "Max-Forwards": "300",
            "Expires": "10000000000000000000000000000000000000",
            "Contact": "<sip:user@127.0.0.1>;expires=280297596632815",
        },
        "",
    ),
    "scalarlg": (
        "SIP/2.0 503 Service Unavailable",
        {
            "CSeq": "9292394834772304023312 OPTIONS",
            "Retry-After": "949302838503028349304023988",
            "Warning": '1812 overture "In Progress"',
        },
        "",
    ),
    "quotbal": (
        "INVITE sip:1580@127.0.0.1 SIP/2.0",
        {"To": '"Mr. J. User <sip:j.user@127.0.0.1>', "Contact": "<sip:caller@127.0.0.1"},
        SDP,
    ),
    "ltgtruri": ("INVITE <sip:1580@127.0.0.1> SIP/2.0", {}, SDP),
    "lwsruri": ("INVITE sip:1580@127.0.0.1; lr SIP/2.0", {}, SDP),
    "lwsstart": ("INVITE  sip:1580@127.0.0.1  SIP/2.0", {}, SDP),
    "trws": ("OPTIONS sip:1580@127.0.0.1 SIP/2.0  ", {}, ""),
    "escruri": ("INVITE sip:1580@127.0.0.1?Route=%3Csip:127.0.0.1%3E SIP/2.0", {}, SDP),
    "baddate": ("INVITE sip:1580@127.0.0.1 SIP/2.0", {"Date": "Fri, 01 Jan 2010 16:00:00 EST"}, SDP),
    "regbadct": (
        "REGISTER sip:127.0.0.1 SIP/2.0",
        {"Contact": "sip:user@127.0.0.1?Route=%3Csip:127.0.0.1%3E"},
        "",
    ),
    "badaspec": (
        "OPTIONS sip:1580@127.0.0.1 SIP/2.0",
        {"To": '"Watson, Thomas" < sip:t.watson@127.0.0.1 >'},
        "",
    ),
    "baddn": (
        "OPTIONS sip:1580@127.0.0.1 SIP/2.0",
        {"From": "Bell, Alexander <sip:a.bell@127.0.0.1>;tag=43"},
        "",
    ),
    "badvers": ("OPTIONS sip:1580@127.0.0.1 SIP/7.0", {}, ""),
    "mismatch01": ("OPTIONS sip:1580@127.0.0.1 SIP/2.0", {"CSeq": "8 INVITE"}, ""),
    "mismatch02": ("NEWMETHOD sip:1580@127.0.0.1 SIP/2.0", {"CSeq": "8 INVITE"}, SDP),
    "bigcode": ("SIP/2.0 4294967301 better not break the receiver", {}, ""),
    # 3.2 and 3.3: transactions and what an application has to make of it
    "badbranch": (
        "OPTIONS sip:1580@127.0.0.1 SIP/2.0",
        {"Via": "SIP/2.0/UDP 127.0.0.1:@PORT@;branch=z9hG4bK"},
        "",
    ),
    "insuf": ("INVITE sip:1580@127.0.0.1 SIP/2.0", {"To": "", "From": "", "Call-ID": "", "Contact": ""}, SDP),
    "unkscm": ("OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0", {}, ""),
    "novelsc": ("OPTIONS soap.beep://127.0.0.1:3002 SIP/2.0", {}, ""),
    "unksm2": (
        "REGISTER sip:127.0.0.1 SIP/2.0",
        {"To": "isbn:2983792873", "From": "<http://127.0.0.1>;tag=3234233", "Contact": "<name:John_Smith>"},
        "",
    ),
    "bext01": (
        "OPTIONS sip:1580@127.0.0.1 SIP/2.0",
        {
            "Require": "nothingSupportsThis, nothingSupportsThisEither",
            "Proxy-Require": "noProxiesSupportThis",
        },
        "",
    ),
    "invut": (
        "INVITE sip:1580@127.0.0.1 SIP/2.0",
        {"Content-Type": "application/unknownformat"},
        "<audio/>\n",
    ),
    "regaut01": (
        "REGISTER sip:127.0.0.1 SIP/2.0",
        {"Authorization": 'NoOneKnowsThisScheme opaque-data="here"'},
        "",
    ),
    "multi01": (
        "INVITE sip:1580@127.0.0.1 SIP/2.0",
        {
            "call-id": "another@127.0.0.1",
            "CSEQ": "59 INVITE",
            "TO": "sip:other@127.0.0.1",
            "FROM": "sip:other.user@127.0.0.1;tag=3413415",
            "MAX-FORWARDS": "5",
        },
        SDP,
    ),
    "mcl01": (
        "OPTIONS sip:1580@127.0.0.1 SIP/2.0",
        {"Content-Length": "13", "content-length": "5"},
        "There's no way",
    ),
    "bcast": (
        "SIP/2.0 200 OK",
        {"Via": "SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1,SIP/2.0/UDP 127.255.255.255"},
        SDP,
    ),
    "zeromf": ("OPTIONS sip:1580@127.0.0.1 SIP/2.0", {"Max-Forwards": "0"}, ""),
    "cparam01": (
        "REGISTER sip:127.0.0.1 SIP/2.0",
        {"Contact": "sip:+19725552222@127.0.0.1;unknownparam"},
        "",
    ),
    "cparam02": (
        "REGISTER sip:127.0.0.1 SIP/2.0",
        {"Contact": "<sip:+19725552222@127.0.0.1;unknownparam>;unknown"},
        "",
    ),
    "regescrt": (
        "REGISTER sip:127.0.0.1 SIP/2.0",
        {"Contact": "<sip:user@127.0.0.1?Route=%3Csip:127.0.0.1%3E>"},
        "",
    ),
    "sdp01": ("INVITE sip:1580@127.0.0.1 SIP/2.0", {"Accept": "text/nobodyKnowsThis"}, SDP),
    "inv2543": (
        "INVITE sip:1580@127.0.0.1 SIP/2.0",
        {
            "Via": "SIP/2.0/UDP 127.0.0.1:@PORT@",
            "From": "sip:iuser@127.0.0.1",
            "Max-Forwards": "",
            "Contact": "",
        },
        SDP,
    ),
}


def torture(name: str, port: int, count: int = 0) -> bytes:
    """Write one of TORTURES; answers are to come to this port, and `count` makes it another transaction.

    A header that is "" is left out.
    """
    line, headers, body = TORTURES[name]
    octets = body.replace("\n", "\r\n").encode()
    written = dict(_HEADERS)
    if body:
        written |= {"Content-Type": "application/sdp"}
    written |= {"Content-Length": str(len(octets)), **headers}
    lines = [line, *(f"{key}: {value}" for key, value in written.items() if value)]
    head = "\r\n".join(lines).replace("\r\n", "\n").replace("\n", "\r\n")
    for was, becomes in (
        ("@METHOD@", line.split()[0]),
        ("@NAME@", name),
        ("@COUNT@", str(count)),
        ("@PORT@", str(port)),
    ):
        head = head.replace(was, becomes)
    return head.encode(errors="surrogateescape") + b"\r\n\r\n" + octets


def tortures(port: int) -> Iterator[bytes]:
    """Write all of them, and `dblreq`: two in one datagram, the second of which is to be passed over."""
    for name in TORTURES:
        yield torture(name, port)
    yield torture("lwsdisp", port, 1) + torture("zeromf", port, 1)
