package dev.belay.activities.steps.member;

import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.etcd.EtcdMember;
import dev.belay.activities.host.Host;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a member was that died, and where a new one will be, by what its own manifest or unit says. */
record MemberPlace(Host host, MemberProcess process) {

    static MemberPlace of(StepContext context, String node) {
        List<NodeName> members = context.inventory().etcdMembers();
        NodeName name = members.stream()
                .filter(each -> each.value().equals(node))
                .findFirst()
                .orElseThrow(() -> StepFailure.of(
                        FailureKind.PERMANENT,
                        "BAD_INPUT",
                        "\"node\" should be one of " + members + ", which have members of etcd, not \"" + node + "\"",
                        "name the host whose etcd member is dead"));
        Host host = context.hosts().on(name);
        return new MemberPlace(
                        host,
                        context.inventory().hasExternalEtcd()
                                ? MemberUnit.of(context, host)
                                : MemberPod.of(context, host))
                .requireOwnName();
    }

    private MemberPlace requireOwnName() {
        Optional<String> log = process.flag("--wal-dir").filter(path -> !path.isEmpty());
        if (!flag("--name").equals(name()) || log.isPresent()) {
            throw refused(
                    host,
                    "MANIFEST_UNKNOWN",
                    process.source() + " has --name=" + flag("--name")
                            + log.map(path -> " and --wal-dir=" + path).orElse(""),
                    "Belay replaces members that are named as their host and have their log among their data: replace this"
                            + " one by hand");
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

    /** {@code name=url} of all, as {@code --initial-cluster} has them; {@code others}: the members that are there already. */
    String members(List<EtcdMember> others) {
        return Stream.concat(
                        others.stream().map(member -> entry(member.name(), member.peerUrls())),
                        Stream.of(entry(name(), peerUrls())))
                .collect(Collectors.joining(","));
    }

    private static String entry(String name, List<String> peerUrls) {
        return peerUrls.stream().map(url -> name + "=" + url).collect(Collectors.joining(","));
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
        return process.flag(name)
                .orElseThrow(() -> refused(
                        host,
                        "MANIFEST_UNKNOWN",
                        process.source() + " has no " + name,
                        "put a manifest in its place as kubeadm writes it, then retry"));
    }

    static StepFailure refused(Host host, String code, String why, String next) {
        return StepFailure.of(FailureKind.PRECONDITION, code, host.node() + ": " + why, next);
    }
}
