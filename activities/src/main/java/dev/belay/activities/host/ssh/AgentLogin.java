package dev.belay.activities.host.ssh;

import java.io.IOException;
import java.security.PrivateKey;
import java.security.PublicKey;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Buffer.PlainBuffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.method.AuthPublickey;

/** A login with a key that an agent holds: the agent signs, the private key is never seen. */
final class AgentLogin extends AuthPublickey {

    private static final int RSA_SHA2_256 = 2;
    private static final int RSA_SHA2_512 = 4;

    private final SshAgent agent;
    private final PublicKey key;

    AgentLogin(SshAgent agent, PublicKey key) {
        super(new PublicOnly(key));
        this.agent = agent;
        this.key = key;
    }

    @Override
    protected SSHPacket putSig(SSHPacket request) throws UserAuthException {
        byte[] asked = request.getCompactData();
        byte[] content = new PlainBuffer()
                .putString(params.getTransport().getSessionID())
                .putRawBytes(asked)
                .getCompactData();
        try {
            return request.putBytes(agent.sign(key, content, flags(algorithm(asked))));
        } catch (IOException e) {
            throw new UserAuthException("the agent does not sign: " + e.getMessage(), e);
        }
    }

    /** A request names user, service and method, whether it is signed, and then the algorithm (RFC 4252, 7). */
    private static String algorithm(byte[] request) throws Buffer.BufferException {
        PlainBuffer read = new PlainBuffer(request);
        read.readByte();
        read.readString();
        read.readString();
        read.readString();
        read.readBoolean();
        return read.readString();
    }

    private static int flags(String algorithm) {
        return switch (algorithm) {
            case "rsa-sha2-256" -> RSA_SHA2_256;
            case "rsa-sha2-512" -> RSA_SHA2_512;
            default -> 0;
        };
    }

    /** The half of a key pair that is ours to see. */
    private record PublicOnly(PublicKey key) implements KeyProvider {

        @Override
        public PrivateKey getPrivate() throws IOException {
            throw new IOException("the private key is the agent's");
        }

        @Override
        public PublicKey getPublic() {
            return key;
        }

        @Override
        public KeyType getType() {
            return KeyType.fromKey(key);
        }
    }
}
