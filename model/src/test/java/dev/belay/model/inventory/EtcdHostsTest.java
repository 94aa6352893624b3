package dev.belay.model.inventory;

import static dev.belay.model.inventory.ClusterReaderTest.GOOD;
import static dev.belay.model.inventory.ClusterReaderTest.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.model.kubernetes.NodeName;
import org.junit.jupiter.api.Test;

class EtcdHostsTest {

    @Test
    void hostsOfAnExternalEtcdAreNoNodesAndStandLast() {
        Cluster stacked = read(GOOD);
        Cluster external =
                read(GOOD.replace("hosts:\n", "hosts:\n  - {node: etcd1, role: etcd, address: 172.30.0.21}\n"));

        assertThat(stacked.hasExternalEtcd()).isFalse();
        assertThat(stacked.etcdMembers()).extracting(NodeName::value).containsExactly("cp1");
        assertThat(external.hasExternalEtcd()).isTrue();
        assertThat(external.etcdMembers()).extracting(NodeName::value).containsExactly("etcd1");
        assertThat(external.hosts()).extracting(host -> host.node().value()).containsExactly("cp1", "w1", "etcd1");
        assertThat(external.nodes()).isEqualTo(stacked.nodes());
    }
}
