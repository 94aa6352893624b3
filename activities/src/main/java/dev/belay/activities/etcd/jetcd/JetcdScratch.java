package dev.belay.activities.etcd.jetcd;

import dev.belay.activities.etcd.MemberHash;
import dev.belay.activities.etcd.MemberStatus;
import dev.belay.activities.etcd.ScratchMember;
import dev.belay.model.kubernetes.NodeName;
import java.util.Map;
import java.util.concurrent.Callable;

/** A throw-away member over a connection of its own. */
final class JetcdScratch implements ScratchMember {

    private final NodeName node;
    private final MemberConnection connection;
    private final Runnable end;

    JetcdScratch(NodeName node, MemberConnection connection, Runnable end) {
        this.node = node;
        this.connection = connection;
        this.end = end;
    }

    @Override
    public MemberStatus status() {
        return ask("tell its status", connection::status);
    }

    @Override
    public MemberHash hash(long revision) {
        return ask("hash its keys at revision " + revision, () -> connection.hash(revision));
    }

    @Override
    public Map<String, Long> counts(long revision) {
        return ask("count its keys at revision " + revision, () -> connection.counts(revision));
    }

    @Override
    public void compact(long revision) {
        ask("compact to revision " + revision, () -> connection.compacted(revision));
    }

    @Override
    public void close() {
        connection.close();
        end.run();
    }

    private <T> T ask(String call, Callable<T> question) {
        try {
            return question.call();
        } catch (Exception e) {
            throw EtcdErrors.of(node, call, e);
        }
    }
}
