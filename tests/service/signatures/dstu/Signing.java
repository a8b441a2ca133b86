// Makes certificates and signatures by ДСТУ 4145-2002 with Bouncy Castle (README.md beside this).
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.security.*;
import java.util.*;
import org.bouncycastle.asn1.*;
import org.bouncycastle.asn1.cms.*;
import org.bouncycastle.asn1.ess.*;
import org.bouncycastle.asn1.ua.*;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.*;
import org.bouncycastle.crypto.*;
import org.bouncycastle.crypto.digests.*;
import org.bouncycastle.crypto.generators.DSTU4145KeyPairGenerator;
import org.bouncycastle.crypto.params.*;
import org.bouncycastle.crypto.signers.DSTU4145Signer;
import org.bouncycastle.math.ec.*;
import org.bouncycastle.util.Arrays;

public class Signing {
  static final ASN1ObjectIdentifier GOST = UAObjectIdentifiers.gost3411_id, LE = UAObjectIdentifiers.dstu4145le;
  static final ASN1ObjectIdentifier KUPYNA = UAObjectIdentifiers.dstu7564digest_256;
  static final ASN1ObjectIdentifier KUPYNA512 = UAObjectIdentifiers.dstu7564digest_512;
  static final ASN1ObjectIdentifier LE_KUPYNA = new ASN1ObjectIdentifier("1.2.804.2.1.1.1.1.3.6.1.1");
  static final ASN1ObjectIdentifier LE_KUPYNA512 = new ASN1ObjectIdentifier("1.2.804.2.1.1.1.1.3.6.3.1");
  static final String MAYOR = "Фомічев Юрій Кирилович";
  static final SecureRandom RANDOM = new SecureRandom();

  record Who(X500Name name, ECDomainParameters domain, AsymmetricCipherKeyPair pair, byte[] certificate, ASN1ObjectIdentifier hash, ASN1ObjectIdentifier by, boolean big) {}

  static byte[] expand(byte[] s) {
    byte[] e = new byte[128];
    for (int i = 0; i < 64; i++) { e[2 * i] = (byte) (s[i] >> 4 & 15); e[2 * i + 1] = (byte) (s[i] & 15); }
    return e;
  }
  static byte[] hash(ASN1ObjectIdentifier by, byte[] data) {
    Digest d = by.equals(GOST) ? new GOST3411Digest(expand(DSTU4145Params.getDefaultDKE())) : new DSTU7564Digest(by.equals(KUPYNA) ? 256 : 512);
    byte[] out = new byte[d.getDigestSize()];
    d.update(data, 0, data.length); d.doFinal(out, 0);
    return out;
  }
  static byte[] sign(Who who, byte[] data) {
    DSTU4145Signer s = new DSTU4145Signer();
    s.init(true, new ParametersWithRandom(who.pair.getPrivate(), RANDOM));
    BigInteger[] rs = s.generateSignature(hash(who.hash, data));
    int half = (who.domain.getN().bitLength() + 7) / 8;
    byte[] big = Arrays.concatenate(org.bouncycastle.util.BigIntegers.asUnsignedByteArray(half, rs[1]), org.bouncycastle.util.BigIntegers.asUnsignedByteArray(half, rs[0]));
    return who.big ? big : Arrays.reverse(big);
  }
  static SubjectPublicKeyInfo key(Who who, String written) throws Exception {
    ECDomainParameters d = who.domain;
    byte[] point = DSTU4145PointEncoder.encodePoint(((ECPublicKeyParameters) who.pair.getPublic()).getQ());
    ASN1Encodable parameters;
    if (written.equals("explicit")) {
      // DSTU4145ECBinary of Bouncy Castle writes b and the point little-endian only when read so: by hand.
      ECCurve.F2m c = (ECCurve.F2m) d.getCurve();
      ASN1Encodable how = c.isTrinomial() ? new ASN1Integer(c.getK1()) : new DERSequence(new ASN1Encodable[] {new ASN1Integer(c.getK1()), new ASN1Integer(c.getK2()), new ASN1Integer(c.getK3())});
      byte[] b = c.getB().getEncoded(), base = DSTU4145PointEncoder.encodePoint(d.getG());
      ASN1Encodable curve = new DERSequence(new ASN1Encodable[] {
        new DERSequence(new ASN1Encodable[] {new ASN1Integer(c.getM()), how}),
        new ASN1Integer(c.getA().toBigInteger()), new DEROctetString(who.big ? b : Arrays.reverse(b)),
        new ASN1Integer(d.getN()), new DEROctetString(who.big ? base : Arrays.reverse(base))});
      parameters = new DERSequence(new ASN1Encodable[] {curve, new DEROctetString(DSTU4145Params.getDefaultDKE())});
    } else {
      parameters = new DSTU4145Params(new ASN1ObjectIdentifier(written), DSTU4145Params.getDefaultDKE());
    }
    ASN1ObjectIdentifier name = who.big ? UAObjectIdentifiers.dstu4145be : LE;
    return new SubjectPublicKeyInfo(new AlgorithmIdentifier(name, parameters), new DEROctetString(who.big ? point : Arrays.reverse(point)));
  }
  static Who issue(String name, Who by, int curve, String written, boolean ca, ASN1ObjectIdentifier hash, ASN1ObjectIdentifier as, boolean big) throws Exception {
    ECDomainParameters domain = DSTU4145NamedCurves.getByOID(LE.branch("2." + curve));
    DSTU4145KeyPairGenerator generator = new DSTU4145KeyPairGenerator();
    generator.init(new ECKeyGenerationParameters(domain, RANDOM));
    X500Name subject = new X500Name("CN=" + name + ",O=Славутицька міська рада,C=UA");
    Who who = new Who(subject, domain, generator.generateKeyPair(), null, hash, as, big);
    Who issuer = by == null ? who : by;
    V3TBSCertificateGenerator tbs = new V3TBSCertificateGenerator();
    tbs.setSerialNumber(new ASN1Integer(new BigInteger(64, RANDOM)));
    tbs.setSignature(new AlgorithmIdentifier(issuer.by));
    tbs.setIssuer(issuer.name); tbs.setSubject(subject);
    tbs.setStartDate(new org.bouncycastle.asn1.x509.Time(new Date(1767225600000L))); tbs.setEndDate(new org.bouncycastle.asn1.x509.Time(new Date(2082758399000L)));
    tbs.setSubjectPublicKeyInfo(key(who, written.isEmpty() ? LE.branch("2." + curve).getId() : written));
    ExtensionsGenerator extensions = new ExtensionsGenerator();
    extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
    tbs.setExtensions(extensions.generate());
    TBSCertificate signed = tbs.generateTBSCertificate();
    byte[] signature = new DEROctetString(sign(issuer, signed.getEncoded("DER"))).getEncoded();
    byte[] certificate = new DERSequence(new ASN1Encodable[] {signed, new AlgorithmIdentifier(issuer.by), new DERBitString(signature)}).getEncoded("DER");
    return new Who(subject, domain, who.pair, certificate, hash, as, big);
  }
  static ASN1Encodable attribute(String oid, ASN1Encodable value) {
    return new DERSequence(new ASN1Encodable[] {new ASN1ObjectIdentifier(oid), new DERSet(value)});
  }
  static byte[] p7s(byte[] paper, Who who, boolean within, Who... between) throws Exception {
    org.bouncycastle.asn1.x509.Certificate c = org.bouncycastle.asn1.x509.Certificate.getInstance(who.certificate);
    ASN1Encodable named = new DERSequence(new DERSequence(new DERSequence(new ASN1Encodable[] {new AlgorithmIdentifier(who.hash), new DEROctetString(hash(who.hash, who.certificate))})));
    DERSet attributes = new DERSet(new ASN1Encodable[] {
      attribute("1.2.840.113549.1.9.3", CMSObjectIdentifiers.data),
      attribute("1.2.840.113549.1.9.5", new DERUTCTime("261130120000Z")),
      attribute("1.2.840.113549.1.9.4", new DEROctetString(hash(who.hash, paper))),
      attribute("1.2.840.113549.1.9.16.2.47", named)});
    SignerInfo signer = new SignerInfo(new SignerIdentifier(new IssuerAndSerialNumber(c)),
      new AlgorithmIdentifier(who.hash), ASN1Set.getInstance(attributes), new AlgorithmIdentifier(who.by), new DEROctetString(sign(who, attributes.getEncoded("DER"))), null);
    ASN1EncodableVector certificates = new ASN1EncodableVector();
    certificates.add(c);
    for (Who one : between) certificates.add(org.bouncycastle.asn1.x509.Certificate.getInstance(one.certificate));
    SignedData data = new SignedData(new DERSet(new AlgorithmIdentifier(who.hash)), new ContentInfo(CMSObjectIdentifiers.data, within ? new DEROctetString(paper) : null), new DERSet(certificates), null, new DERSet(signer));
    return new ContentInfo(CMSObjectIdentifiers.signedData, data).getEncoded("DER");
  }
  public static void main(String[] to) throws Exception {
    Path folder = Path.of(to[0]);
    byte[] paper = "Розпорядження № 12".getBytes(StandardCharsets.UTF_8);
    Who root = issue("Центральний засвідчувальний орган", null, 9, "", true, GOST, LE, false);
    Who centre = issue("КНЕДП", root, 9, "explicit", true, GOST, LE, false);
    Who kupyna = issue("КНЕДП Купина", root, 6, "", true, KUPYNA, LE_KUPYNA, false);
    Who stranger = issue("КНЕДП", null, 6, "", true, GOST, LE, false);
    Files.write(folder.resolve("root.der"), root.certificate);
    for (int curve = 0; curve < 10; curve++)
      write(folder, "curve-" + curve, p7s(paper, issue(MAYOR, root, curve, "", false, GOST, LE, false), false));
    write(folder, "explicit", p7s(paper, issue(MAYOR, centre, 6, "explicit", false, GOST, LE, false), false, centre));
    write(folder, "explicit-five", p7s(paper, issue(MAYOR, centre, 5, "explicit", false, GOST, LE, false), true, centre));
    write(folder, "big-endian", p7s(paper, issue(MAYOR, centre, 6, "explicit", false, GOST, UAObjectIdentifiers.dstu4145be, true), false, centre));
    write(folder, "kupyna-256", p7s(paper, issue(MAYOR, kupyna, 6, "", false, KUPYNA, LE_KUPYNA, false), false, kupyna));
    write(folder, "kupyna-512", p7s(paper, issue(MAYOR, kupyna, 9, "", false, KUPYNA512, LE_KUPYNA512, false), true, kupyna));
    write(folder, "stranger", p7s(paper, issue(MAYOR, stranger, 6, "", false, GOST, LE, false), false, stranger));
  }
  static void write(Path folder, String name, byte[] signature) throws Exception {
    Files.write(folder.resolve(name + ".p7s"), signature);
  }
}
