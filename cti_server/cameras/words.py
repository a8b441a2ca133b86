"""Words of the pages of cameras."""

from collections.abc import Mapping

from cti_server.frame.language import N_
from hotline.cameras.camera import CameraFault, StreamKind
from hotline.cameras.streams import StreamFault

KINDS: Mapping[StreamKind, str] = {
    StreamKind.RTSP: N_("RTSP: from the camera or its recorder"),
    StreamKind.HLS: N_("HLS: from the city's server of streams (…/index.m3u8)"),
    StreamKind.WEBRTC: N_("WebRTC by WHEP: from the city's server of streams (…/whep)"),
    StreamKind.MJPEG: N_("MJPEG: pictures over HTTP"),
}
FAULTS: Mapping[StreamFault | None, str] = {
    None: N_("Waiting for the first picture"),
    StreamFault.UNREACHABLE: N_("The camera does not answer"),
    StreamFault.REFUSED: N_("The camera does not take the name and password"),
    StreamFault.NOT_A_STREAM: N_("What the camera sends is no video that can be shown"),
    StreamFault.LEADS_ELSEWHERE: N_("The stream leads to another server: it is not followed"),
    StreamFault.SILENT: N_("The connection stands, and no pictures come"),
    StreamFault.ENDED: N_("The camera has ended the stream"),
    StreamFault.TOO_MANY: N_("As many cameras are watched as the machine may show: leave one"),
}
WRONG: Mapping[CameraFault, str] = {
    CameraFault.NAME: N_("Write what it is called, in 80 letters at most."),
    CameraFault.PLACE: N_("Write the street and the house."),
    CameraFault.GROUP: N_("Write the group in which it is shown."),
    CameraFault.URL: N_(
        "The address does not fit the kind of stream; name and password have their own fields."
    ),
    CameraFault.PASSWORD: N_("A password needs a name; both have 100 letters at most."),
}
