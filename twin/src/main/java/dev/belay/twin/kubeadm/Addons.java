package dev.belay.twin.kubeadm;

import dev.belay.twin.kube.Api;
import dev.belay.twin.kube.Owner;
import dev.belay.twin.machine.HostProcess;
import dev.belay.twin.release.Releases;
import java.util.List;

/** CoreDNS and kube-proxy: since 1.28 they wait for the last control plane. */
final class Addons {

    private final Call call;

    Addons(Call call) {
        this.call = call;
    }

    void run(HostProcess process) {
        List<String> behind = call.site().behind(call.target());
        if (!behind.isEmpty() && call.binary().minor() >= 28) {
            process.say("[upgrade/addon] Skipping upgrade of addons because control plane instances "
                    + Words.list(behind) + " have not been upgraded");
            return;
        }
        Api api = call.site().api();
        api.roll(Owner.Kind.DEPLOYMENT, "kube-system", "coredns", Releases.coreDnsImage(call.target()));
        api.roll(
                Owner.Kind.DAEMON_SET,
                "kube-system",
                "kube-proxy",
                Releases.image("kube-proxy", call.target(), Releases.repository(call.target())));
        process.say("[addons] Applied essential addon: CoreDNS\n[addons] Applied essential addon: kube-proxy");
    }
}
