package dev.belay.activities.steps.member;

import dev.belay.activities.StepContext;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.StaticPodShelf;
import dev.belay.activities.steps.StaticPods;
import dev.belay.activities.steps.StaticPods.StaticPod;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A member as kubeadm makes it, by its manifest, which lies in the kubelet's folder or on the shelf of the run. */
record MemberPod(Host host, StaticPodShelf shelf, String mark, StaticPod pod, String manifest)
        implements MemberProcess {

    private static final String ETCD = "etcd";

    static MemberPod of(StepContext context, Host host) {
        return Stream.of(StaticPodShelf.shelved(context.mark(), ETCD), StaticPods.manifest(ETCD))
                .flatMap(path -> host.read(path).stream().map(content -> read(context, host, path, content)))
                .findFirst()
                .orElseThrow(() -> MemberPlace.refused(
                        host,
                        "MANIFEST_MISSING",
                        "there is no " + StaticPods.manifest(ETCD),
                        "put the manifest back, from a backup set or from another control plane with this one's name and"
                                + " addresses, then retry"));
    }

    private static MemberPod read(StepContext context, Host host, String path, byte[] content) {
        return new MemberPod(
                host,
                new StaticPodShelf(context, host),
                context.mark(),
                StaticPods.read(host.node(), path, content),
                new String(content, StandardCharsets.UTF_8));
    }

    @Override
    public boolean isHeld() {
        return shelf.holds(ETCD);
    }

    @Override
    public void stop() {
        shelf.takeOut(ETCD);
        shelf.awaitGone(List.of(ETCD));
    }

    @Override
    public boolean joins() {
        return isHeld() && StaticPods.of(host).pod(ETCD).isPresent();
    }

    @Override
    public void tellToJoin(String members) {
        new JoiningManifest(this, members).write();
    }

    @Override
    public void awaitStarted() {
        shelf.awaitStarted(ETCD, Set.of());
    }

    @Override
    public void release() {
        host.remove(StaticPodShelf.shelved(mark, ETCD));
    }

    @Override
    public Optional<String> flag(String name) {
        return pod.flag(name);
    }

    @Override
    public String source() {
        return pod.file();
    }

    @Override
    public String user() {
        return "root";
    }

    @Override
    public String log() {
        return "/var/log/pods";
    }
}
