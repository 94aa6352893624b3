package dev.belay.model.approval;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;

/** The curves of ECDSA keys (RFC 5656), by their names in SSH. */
enum Curve {
    NISTP256("secp256r1", 32, "SHA256"),
    NISTP384("secp384r1", 48, "SHA384"),
    NISTP521("secp521r1", 66, "SHA512");

    private static final byte UNCOMPRESSED = 4;

    private final String name;
    private final int size;
    private final String hash;

    Curve(String name, int size, String hash) {
        this.name = name;
        this.size = size;
        this.hash = hash;
    }

    /** As the key names it. */
    String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Whose signatures are the two numbers side by side. */
    String algorithm() {
        return hash + "withECDSAinP1363Format";
    }

    PublicKey key(byte[] point) throws GeneralSecurityException {
        if (point.length != 1 + 2 * size || point[0] != UNCOMPRESSED) {
            throw new IllegalArgumentException("the key is no uncompressed point of " + text());
        }
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(name));
        ECParameterSpec spec = parameters.getParameterSpec(ECParameterSpec.class);
        BigInteger x = new BigInteger(1, Arrays.copyOfRange(point, 1, 1 + size));
        BigInteger y = new BigInteger(1, Arrays.copyOfRange(point, 1 + size, point.length));
        requireOnCurve(spec, x, y);
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), spec));
    }

    private void requireOnCurve(ECParameterSpec spec, BigInteger x, BigInteger y) {
        BigInteger p = ((ECFieldFp) spec.getCurve().getField()).getP();
        BigInteger right = x.modPow(BigInteger.valueOf(3), p)
                .add(spec.getCurve().getA().multiply(x))
                .add(spec.getCurve().getB())
                .mod(p);
        boolean inField = x.compareTo(p) < 0 && y.compareTo(p) < 0;
        if (!inField || !y.modPow(BigInteger.TWO, p).equals(right)) {
            throw new IllegalArgumentException("the key is no point of " + text());
        }
    }

    /** Both numbers of a signature, side by side. */
    byte[] sideBySide(byte[] signature) {
        WireReader reader = new WireReader("the ECDSA signature", signature);
        byte[] both = new byte[2 * size];
        put(reader.positive(), both, size);
        put(reader.positive(), both, 2 * size);
        reader.end();
        return both;
    }

    private void put(BigInteger number, byte[] both, int end) {
        byte[] digits = number.toByteArray();
        int from = digits[0] == 0 ? 1 : 0;
        int length = digits.length - from;
        if (length > size) {
            throw new IllegalArgumentException("the ECDSA signature holds a number beyond " + text());
        }
        System.arraycopy(digits, from, both, end - length, length);
    }
}
