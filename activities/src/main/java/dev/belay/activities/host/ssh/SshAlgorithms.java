package dev.belay.activities.host.ssh;

import com.hierynomus.sshj.key.KeyAlgorithm;
import com.hierynomus.sshj.key.KeyAlgorithms;
import com.hierynomus.sshj.transport.cipher.BlockCiphers;
import com.hierynomus.sshj.transport.cipher.GcmCiphers;
import com.hierynomus.sshj.transport.kex.DHGroups;
import com.hierynomus.sshj.transport.kex.ExtInfoClientFactory;
import com.hierynomus.sshj.transport.mac.Macs;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.DefaultConfig;
import net.schmizz.sshj.common.Factory;
import net.schmizz.sshj.common.SecurityUtils;
import net.schmizz.sshj.transport.kex.Curve25519SHA256;
import net.schmizz.sshj.transport.kex.DHGexSHA256;
import net.schmizz.sshj.transport.kex.ECDHNistP;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/**
 * What we offer in negotiation, and the one place where sshj's global provider setting is made: BouncyCastle stays last and unforced, for
 * key formats only, so that ciphers run in the JDK (three to six times faster).
 */
final class SshAlgorithms {

    static {
        if (Security.getProvider(BouncyCastleProvider.PROVIDER_NAME) == null) {
            Security.addProvider(new BouncyCastleProvider());
        }
        SecurityUtils.setRegisterBouncyCastle(false);
    }

    private SshAlgorithms() {}

    /**
     * A configuration without SHA-1, DSA or CBC.
     *
     * @param certificates offer host certificates: only where known_hosts names an authority for the host, because sshj does not fall
     *     back to the plain key
     */
    static Config config(boolean certificates) {
        DefaultConfig config = new DefaultConfig();
        config.setLoggerFactory(QuietLogging.INSTANCE);
        config.setKeyExchangeFactories(List.of(
                new Curve25519SHA256.Factory(),
                new Curve25519SHA256.FactoryLibSsh(),
                new ECDHNistP.Factory521(),
                new ECDHNistP.Factory384(),
                new ECDHNistP.Factory256(),
                new DHGexSHA256.Factory(),
                DHGroups.Group16SHA512(),
                DHGroups.Group18SHA512(),
                new ExtInfoClientFactory()));
        config.setKeyAlgorithms(keyAlgorithms(certificates));
        config.setCipherFactories(List.of(
                GcmCiphers.AES128GCM(), GcmCiphers.AES256GCM(), BlockCiphers.AES256CTR(), BlockCiphers.AES128CTR()));
        config.setMACFactories(
                List.of(Macs.HMACSHA2256Etm(), Macs.HMACSHA2512Etm(), Macs.HMACSHA2256(), Macs.HMACSHA2512()));
        return config;
    }

    private static List<Factory.Named<KeyAlgorithm>> keyAlgorithms(boolean certificates) {
        List<Factory.Named<KeyAlgorithm>> algorithms = new ArrayList<>();
        if (certificates) {
            algorithms.add(KeyAlgorithms.EdDSA25519CertV01());
            algorithms.add(KeyAlgorithms.ECDSASHANistp521CertV01());
            algorithms.add(KeyAlgorithms.ECDSASHANistp384CertV01());
            algorithms.add(KeyAlgorithms.ECDSASHANistp256CertV01());
        }
        algorithms.add(KeyAlgorithms.EdDSA25519());
        algorithms.add(KeyAlgorithms.ECDSASHANistp521());
        algorithms.add(KeyAlgorithms.ECDSASHANistp384());
        algorithms.add(KeyAlgorithms.ECDSASHANistp256());
        algorithms.add(KeyAlgorithms.RSASHA512());
        algorithms.add(KeyAlgorithms.RSASHA256());
        return algorithms;
    }
}
