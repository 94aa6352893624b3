package dev.belay.activities.steps.member;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.ControlPlanes;
import dev.belay.activities.steps.EtcdSettings;
import dev.belay.activities.steps.StaticPodShelf;
import dev.belay.activities.steps.StaticPods;
import dev.belay.activities.steps.StaticPods.StaticPod;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a member was that died, and where a new one will be: its control plane, and what its own manifest says of it, in the kubelet's folder or
 * on the shelf.
 */
record MemberPlace(Host host, StaticPod pod, String manifest) {

    static final String ETCD = "etcd";

    static MemberPlace of(StepContext context, String node) {
        if (context.inventory().hasExternalEtcd()) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "BAD_INPUT",
                    "Belay replaces members of stacked etcd only, and this cluster's etcd has hosts of its own",
                    "replace it by hand: `etcdctl member remove`, set its data aside, `etcdctl member add --learner`, start "
                            + EtcdSettings.UNIT + " with --initial-cluster-state=existing, `etcdctl member promote`");
        }
        NodeName name = ControlPlanes.of(context).stream()
                .filter(each -> each.value().equals(node))
                .findFirst()
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PERMANENT,
                        "BAD_INPUT",
                        "\"node\" should be one of the control planes " + ControlPlanes.of(context) + ", not \"" + node
                                + "\"",
                        "name the control plane whose etcd member is dead"));
        Host host = context.hosts().on(name);
        MemberPlace place = Stream.of(StaticPodShelf.shelved(context.mark(), ETCD), StaticPods.manifest(ETCD))
                .flatMap(path -> host.read(path).stream().map(content -> read(host, path, content)))
                .findFirst()
                .orElseThrow(() -> refused(
                        host,
                        "MANIFEST_MISSING",
                        "there is no " + StaticPods.manifest(ETCD),
                        "put the manifest back, from a backup set or from another control plane with this one's name and"
                                + " addresses, then retry"));
        return place.requireOwnName();
    }

    private static MemberPlace read(Host host, String path, byte[] content) {
        return new MemberPlace(
                host, StaticPods.read(host.node(), path, content), new String(content, StandardCharsets.UTF_8));
    }

    private MemberPlace requireOwnName() {
        if (!flag("--name").equals(name()) || pod.flag("--wal-dir").isPresent()) {
            throw refused(
                    host,
                    "MANIFEST_UNKNOWN",
                    pod.file() + " has --name=" + flag("--name")
                            + pod.flag("--wal-dir")
                                    .map(log -> " and --wal-dir=" + log)
                                    .orElse(""),
                    "Belay replaces members as kubeadm makes them, named as their node and with their log among their data:"
                            + " replace this one by hand");
        }
        return this;
    }

    String name() {
        return host.node().value();
    }

    String data() {
        return flag("--data-dir");
    }

    List<String> peerUrls() {
        return List.of(flag("--initial-advertise-peer-urls").split(",", -1));
    }

    /** The one on the list that bears the name; empty when it was removed, or has not started. */
    Optional<EtcdMember> member(StepContext context) {
        return context.etcd().members().stream()
                .filter(member -> member.name().equals(name()))
                .findFirst();
    }

    /** It bears the name, or has not started and has the URLs. */
    boolean isOf(EtcdMember member) {
        return member.name().equals(name()) || isWaiting(member);
    }

    /** A place on the list that nobody has taken yet. */
    boolean isWaiting(EtcdMember member) {
        return member.name().isEmpty() && member.peerUrls().stream().anyMatch(peerUrls()::contains);
    }

    private String flag(String name) {
        return pod.flag(name)
                .orElseThrow(() -> refused(
                        host,
                        "MANIFEST_UNKNOWN",
                        pod.file() + " has no " + name,
                        "put a manifest in its place as kubeadm writes it, then retry"));
    }

    static StepFailure refused(Host host, String code, String why, String next) {
        return StepFailure.of(FailureKind.PRECONDITION, code, host.node() + ": " + why, next);
    }
}
