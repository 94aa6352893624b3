package dev.belay.twin;

import dev.belay.activities.etcd.MemberHash;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.etcd.ScratchMember;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.twin.etcd.Database;
import dev.belay.twin.etcd.EtcdRing;
import dev.belay.twin.machine.Units.Trial;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A throw-away member's gRPC on a simulated node. */
final class TwinScratch implements ScratchMember {

    private static final String ID = "1";

    private final Session session;
    private final NodeName node;
    private final int port;

    TwinScratch(Session session, NodeName node, int port) {
        this.session = session;
        this.node = node;
        this.port = port;
    }

    @Override
    public MemberStatus status() {
        return ask(trial -> {
            Database held = trial.database();
            long size = held.file().length;
            return new MemberStatus(
                    ID, ID, ID, held.version(), held.revision(), 2, 4, 4, size, size, false, List.of(), "", "");
        });
    }

    @Override
    public MemberHash hash(long revision) {
        return ask(trial -> new MemberHash(
                EtcdRing.hash(session.world().seed(), trial.database().lineage(), revision, trial.compacted()),
                trial.compacted()));
    }

    @Override
    public Map<String, Long> counts(long revision) {
        return ask(trial -> trial.database().keys());
    }

    @Override
    public void compact(long revision) {
        ask(trial -> {
            trial.compact(revision);
            return true;
        });
    }

    @Override
    public void close() {}

    private <T> T ask(Function<Trial, T> question) {
        return session.look(() -> question.apply(session.world()
                .machine(node)
                .units()
                .listeningOn(port)
                .orElseThrow(() -> TwinEtcd.unreachable(node.value(), "connection refused on port " + port))));
    }
}
