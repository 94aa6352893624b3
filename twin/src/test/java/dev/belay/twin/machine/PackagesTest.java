package dev.belay.twin.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.inventory.Cluster;
import org.junit.jupiter.api.Test;

class PackagesTest {

    private final Packages packages =
            new Packages(new Cluster.Packages("http://repo/v{minor}/deb/", "/k.gpg", "/etc/apt/k.sources", "1.1"));

    @Test
    void stanzasAreReadAsAptReadsThem() {
        assertThat(packages.update("# http://repo/v1.32/deb/\nTypes: deb\nURIs: http://repo/v1.34/deb/\nSuites: /\n"))
                .isEmpty();

        assertThat(packages.available("kubeadm"))
                .contains("1.34.4-1.1")
                .noneMatch(version -> version.startsWith("1.32"));
    }

    @Test
    void anAddressThatIsNoRepositoryIsComplainedOf() {
        assertThat(packages.update("Types: deb\nURIs: http://elsewhere/\nSuites: /\n"))
                .singleElement()
                .asString()
                .contains("http://elsewhere/", "does not have a Release file");
    }
}
