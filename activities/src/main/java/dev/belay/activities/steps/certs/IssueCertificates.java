package dev.belay.activities.steps.certs;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.Host;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EvidencePath;
import dev.belay.activities.steps.Findings;
import dev.belay.activities.steps.certs.LeafFile.Keys;
import dev.belay.model.inventory.Cluster.HostEntry;
import dev.belay.model.run.FailureKind;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Issues a control plane's own certificates where kubeadm cannot: names that must be added, a CA bundle with an expired CA in it, a CA whose
 * key is elsewhere. Whatever is whole and lasts is left alone. Each gets its old subject and names, and those it is reached by; a key that
 * fits is kept, so that no pair is ever half new. With mode {@code requests} the node's keys sign requests that are kept in the backup store for
 * the CA's owner; with {@code import} what came back is checked against key, CA, names and use before it is written. Keys leave their node
 * in no mode. The static pods still have to be restarted.
 */
public final class IssueCertificates extends DeclaredStep<IssueCertificates.Input, IssueCertificates.Output> {

    private static final String SIGN = "sign";
    private static final String REQUESTS = "requests";
    private static final String IMPORT = "import";

    public record Input(
            @Doc(
                    value = "Sign here, write requests, or import what was signed elsewhere",
                    byDefault = SIGN,
                    oneOf = {SIGN, REQUESTS, IMPORT})
            String mode,

            @Doc(
                    value = "Which; all unless given",
                    oneOf = {
                        "etcd/server",
                        "etcd/peer",
                        "etcd/healthcheck-client",
                        "apiserver",
                        "apiserver-kubelet-client",
                        "apiserver-etcd-client",
                        "front-proxy-client",
                        "admin.conf",
                        "controller-manager.conf",
                        "scheduler.conf"
                    })
            @Nullable
            List<String> certificates,

            @Doc("More names and addresses of the API server") @Nullable
            List<String> names,

            @Doc(value = "Those that end within this time count as due", byDefault = "720h")
            Duration within,

            @Doc(value = "How long they are to last; never longer than their CA", byDefault = "8760h")
            Duration life,

            @Doc("For import: the folder in the backup store with <node>/<certificate>.crt") @Nullable
            String from) {}

    public record Output(
            @Doc("What was issued, asked for or imported") List<String> certificates,

            @Doc("Where requests are in the backup store; empty in other modes")
            String requests) {}

    public IssueCertificates() {
        super(
                "certs.issue",
                "Issues a control plane's certificates where kubeadm cannot: signed here, or by requests to a CA elsewhere",
                Input.class,
                Output.class,
                Traits.node("10m", "5s").effect("certificates issued"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        Host host = context.host();
        HostEntry entry = context.inventory().host(context.node()).orElseThrow();
        NodePki pki = NodePkiReading.of(entry, host);
        List<LeafFile> due = due(input, context, pki, host);
        if (due.isEmpty()) {
            return Done.already(
                    new Output(List.of(), ""), "every certificate of " + host.node() + " is whole and lasts");
        }
        List<String> names = due.stream().map(LeafFile::name).toList();
        return switch (input.mode()) {
            case REQUESTS -> requests(context, due, names);
            case IMPORT -> imported(input, context, due, names);
            case SIGN -> signed(input, context, due, names);
            default -> throw new IllegalStateException("the binding lets no other mode in: " + input.mode());
        };
    }

    private static List<LeafFile> due(Input input, StepContext context, NodePki pki, Host host) {
        Instant now = context.clock().now();
        Instant limit = now.plus(input.within());
        return LeafProfile.all().stream()
                .filter(profile ->
                        input.certificates() == null || input.certificates().contains(profile.name()))
                .map(profile -> LeafFile.of(profile, pki, host, more(profile, input)))
                .filter(file -> !file.isWhole(host, now, limit))
                .toList();
    }

    private static List<String> more(LeafProfile profile, Input input) {
        return profile.name().equals("apiserver") && input.names() != null ? input.names() : List.of();
    }

    /** Nothing is written before every CA was found fit to sign. */
    private static Done<Output> signed(Input input, StepContext context, List<LeafFile> due, List<String> names) {
        Host host = context.host();
        Instant now = context.clock().now();
        Findings findings = new Findings();
        new TreeSet<>(due.stream().map(file -> file.profile().authority()).toList())
                .forEach(ca -> findings.look(() -> Issuer.of(host, ca, now)));
        findings.judge();
        for (LeafFile file : due) {
            context.heartbeat().run();
            Issuer issuer = Issuer.of(host, file.profile().authority(), now);
            Keys keys = file.keys(host, issuer.key());
            file.write(host, issuer.sign(file.request(), keys.open(), now, input.life()), keys);
        }
        return Done.done(
                new Output(names, ""),
                host.node() + ": issued " + names + "; its static pods have yet to be restarted");
    }

    private static Done<Output> requests(StepContext context, List<LeafFile> due, List<String> names) {
        Host host = context.host();
        String folder = EvidencePath.of(context, "requests/" + EvidencePath.part(host.node()));
        for (LeafFile file : due) {
            Keys keys = file.ownKeys(host)
                    .orElseThrow(() -> StepFailure.of(
                            FailureKind.PRECONDITION,
                            "KEY_MISSING",
                            host.node() + ": " + file.profile().keyPath() + " holds no key that a request could be for",
                            "make one there with `kubeadm certs generate-csr`, or put it back from the backup"));
            byte[] csr = file.request().csr(keys.open(), keys.secret()).getBytes(StandardCharsets.UTF_8);
            context.evidence().store(folder + "/" + file.name() + ".csr", sink -> sink.write(csr));
        }
        return Done.done(
                new Output(names, folder),
                due.size() + " requests of " + host.node() + " are in "
                        + context.evidence().location() + "/" + folder + "; nothing was changed on the node");
    }

    private static Done<Output> imported(Input input, StepContext context, List<LeafFile> due, List<String> names) {
        if (input.from() == null) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "BAD_INPUT",
                    "\"from\" is missing: mode `import` needs the folder in the backup store with what was signed",
                    "correct the step's `with`");
        }
        Host host = context.host();
        Findings findings = new Findings();
        List<X509Certificate> signed = new ArrayList<>();
        for (LeafFile file : due) {
            String path = input.from() + "/" + EvidencePath.part(host.node()) + "/" + file.name() + ".crt";
            findings.look(() -> signed.add(new SignedElsewhere(file, path).read(context)));
        }
        findings.judge();
        for (int i = 0; i < due.size(); i++) {
            due.get(i).write(host, signed.get(i), due.get(i).ownKeys(host).orElseThrow());
        }
        return Done.done(
                new Output(names, ""),
                host.node() + ": imported " + names + "; its static pods have yet to be restarted");
    }
}
