package dev.belay.activities.steps.certs;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.host.FileAttributes;
import dev.belay.activities.host.FileEntry;
import dev.belay.activities.host.Host;
import dev.belay.activities.host.Host.NewContent;
import dev.belay.activities.steps.Await;
import dev.belay.activities.steps.ControlPlanes;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.Findings;
import dev.belay.activities.steps.Pem;
import dev.belay.activities.steps.Sha256;
import dev.belay.model.kubernetes.NodeName;
import dev.belay.model.run.FailureKind;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes the files that all control planes share the same on all of them, as rsync would: those of one control plane, changed ones only, mode
 * and owner too, each replaced in one move and read back by its checksum. Shared are the pairs of the three CAs and of the service accounts,
 * kubeadm's own {@code upload-certs} set; a node's own leaf is never touched. A CA under which a node's own leaves are not signed is refused:
 * they must be issued by it first, or the other CA was the right one. A dry run says what would change, by digests of what is public.
 */
public final class SyncCertificates extends DeclaredStep<SyncCertificates.Input, SyncCertificates.Output> {

    public record Input(
            @Doc("The control plane whose files are right") NodeName from,

            @Doc(value = "Only say what would change", byDefault = "false")
            boolean dryRun) {}

    public record Output(
            @Doc("Files that are the same now on all control planes")
            int files,

            @Doc("What was, or in a dry run would be, changed: node, + new, c content, a mode and owner, path")
            List<String> changes) {}

    /** A shared file as it must be; what is in it is never printed. */
    private static final class Wanted {

        private final String path;
        private final byte[] content;
        private final FileAttributes attributes;

        Wanted(String path, byte[] content, FileAttributes attributes) {
            this.path = path;
            this.content = content;
            this.attributes = attributes;
        }

        String path() {
            return path;
        }

        byte[] content() {
            return content;
        }

        FileAttributes attributes() {
            return attributes;
        }

        String sha256() {
            return Sha256.of(content);
        }

        boolean isPublic() {
            return path.endsWith(".crt") || path.endsWith(".pub");
        }

        /** kubeadm itself writes {@code sa.pub} with 0600 on the first control plane and with 0644 where it copies it to. */
        boolean allows(FileAttributes others) {
            boolean sameOwner = others.uid() == attributes.uid() && others.gid() == attributes.gid();
            return others.equals(attributes) || (isPublic() && sameOwner && (others.mode() & ~0644) == 0);
        }
    }

    /** A difference of one node. */
    private record Change(NodeName node, char sign, Wanted file, String detail) {

        @Override
        public String toString() {
            return node + " " + sign + " " + file.path() + detail;
        }
    }

    public SyncCertificates() {
        super(
                "certs.sync",
                "Makes the CA pairs and the service account pair the same on all control planes, from one of them",
                Input.class,
                Output.class,
                Traits.cluster("10m", "5s").effect("shared keys copied"));
    }

    @Override
    public Done<Output> run(Input input, StepContext context) {
        List<NodeName> controlPlanes = ControlPlanes.of(context);
        if (!controlPlanes.contains(input.from())) {
            throw StepFailure.of(
                    FailureKind.PERMANENT,
                    "BAD_INPUT",
                    "\"from\" should be a control plane of the inventory, " + controlPlanes + ", not " + input.from(),
                    "correct the step's `with`");
        }
        Map<String, Wanted> wanted = wanted(context.hosts().on(input.from()));
        requirePairs(input.from(), wanted);
        List<Change> changes = new ArrayList<>();
        for (NodeName node : controlPlanes) {
            if (!node.equals(input.from())) {
                changes.addAll(changes(context.hosts().on(node), wanted));
            }
        }
        requireLeaves(context, changes, wanted);
        Output output =
                new Output(wanted.size(), changes.stream().map(Change::toString).toList());
        if (changes.isEmpty()) {
            return Done.already(output, wanted.size() + " shared files are the same on " + controlPlanes);
        }
        String named = Await.named(output.changes());
        if (input.dryRun()) {
            return Done.already(output, "nothing was changed; would be: " + named);
        }
        changes.stream()
                .collect(Collectors.groupingBy(Change::node, LinkedHashMap::new, Collectors.toList()))
                .forEach((node, own) -> copy(context, context.hosts().on(node), own));
        return Done.done(output, "copied from " + input.from() + ": " + named);
    }

    private static Map<String, Wanted> wanted(Host host) {
        Map<String, Wanted> files = new TreeMap<>();
        for (FileEntry entry : host.list(paths())) {
            if (entry.link().isEmpty()) {
                host.read(entry.path())
                        .ifPresent(content ->
                                files.put(entry.path(), new Wanted(entry.path(), content, entry.attributes())));
            }
        }
        return files;
    }

    private static List<String> paths() {
        List<String> paths = new ArrayList<>();
        PkiFiles.SHARED.forEach((open, secret) -> {
            paths.add(PkiFiles.PKI + open);
            paths.add(PkiFiles.PKI + secret);
        });
        return paths;
    }

    /** What is broken at its source is not spread. */
    private static void requirePairs(NodeName from, Map<String, Wanted> wanted) {
        Findings findings = new Findings();
        PkiFiles.SHARED.forEach((open, secret) -> {
            Wanted file = wanted.get(PkiFiles.PKI + open);
            Wanted key = wanted.get(PkiFiles.PKI + secret);
            if (file == null && key == null) {
                return;
            }
            boolean fits = file != null && (key == null || fit(open, file.content(), key.content()));
            if (!fits) {
                findings.stop(
                        "KEY_MISMATCH",
                        from + ": " + PkiFiles.PKI + open + " and " + PkiFiles.PKI + secret + " are no pair",
                        "name a control plane whose pairs are whole");
            }
        });
        if (wanted.isEmpty()) {
            findings.stop("CERTIFICATE_MISSING", from + " has no shared certificates", "name another control plane");
        }
        findings.judge();
    }

    private static boolean fit(String open, byte[] file, byte[] key) {
        return PrivateKeys.privateKey(key)
                .flatMap(secret -> (open.equals(PkiFiles.SA_PUB)
                                ? PrivateKeys.publicKey(file)
                                : first(file).map(X509Certificate::getPublicKey))
                        .map(shown -> PrivateKeys.fit(secret, shown)))
                .orElse(false);
    }

    private static Optional<X509Certificate> first(byte[] pem) {
        try {
            return Pem.certificates(pem).stream().findFirst();
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    private static List<Change> changes(Host host, Map<String, Wanted> wanted) {
        Map<String, FileEntry> there = new TreeMap<>();
        host.list(List.copyOf(wanted.keySet())).forEach(entry -> there.put(entry.path(), entry));
        List<Change> changes = new ArrayList<>();
        wanted.values()
                .forEach(file -> change(host, file, there.get(file.path())).ifPresent(changes::add));
        return changes;
    }

    private static Optional<Change> change(Host host, Wanted file, @Nullable FileEntry entry) {
        if (entry == null) {
            return Optional.of(new Change(host.node(), '+', file, ""));
        }
        if (!entry.sha256().equals(file.sha256())) {
            return Optional.of(new Change(host.node(), 'c', file, shown(host, file)));
        }
        if (!file.allows(entry.attributes())) {
            return Optional.of(new Change(
                    host.node(), 'a', file, " " + shown(entry.attributes()) + " -> " + shown(file.attributes())));
        }
        return Optional.empty();
    }

    /** The change of something public; of a key nothing is told, not even its digest. */
    private static String shown(Host host, Wanted file) {
        if (!file.path().endsWith(".crt")) {
            return "";
        }
        return " " + host.read(file.path()).map(SyncCertificates::shown).orElse("") + " -> " + shown(file.content());
    }

    private static String shown(byte[] pem) {
        return first(pem)
                .map(one -> one.getSubjectX500Principal().getName() + " until "
                        + one.getNotAfter().toInstant() + " key "
                        + PrivateKeys.hash(one.getPublicKey()).substring(0, 12))
                .orElse("unreadable");
    }

    private static String shown(FileAttributes attributes) {
        return "%04o %d:%d".formatted(attributes.mode(), attributes.uid(), attributes.gid());
    }

    /** A node whose leaves another CA signed would lose its API server and etcd member with this one. */
    private static void requireLeaves(StepContext context, List<Change> changes, Map<String, Wanted> wanted) {
        Findings findings = new Findings();
        for (Change change : changes) {
            String ca = change.file().path().substring(PkiFiles.PKI.length());
            Optional<X509Certificate> authority = PkiFiles.CAS.contains(ca)
                    ? Optional.ofNullable(wanted.get(change.file().path())).flatMap(file -> first(file.content()))
                    : Optional.empty();
            authority.ifPresent(one -> strangers(context.hosts().on(change.node()), ca, one, findings));
        }
        findings.judge();
    }

    private static void strangers(Host host, String ca, X509Certificate authority, Findings findings) {
        PkiFiles.LEAVES.forEach((leaf, signer) -> {
            if (signer.equals(ca)) {
                host.read(PkiFiles.PKI + leaf)
                        .flatMap(SyncCertificates::first)
                        .filter(one -> !signed(one, authority))
                        .ifPresent(
                                one -> findings.stop(
                                        "CERTIFICATE_CHAIN",
                                        host.node() + ": " + PkiFiles.PKI + leaf + " is not signed by the " + ca
                                                + " that would be copied there",
                                        "find out which CA is the right one; when it is this one, issue the node's leaves by it first (certs.issue), and roll CAs by the manual procedure"));
            }
        });
    }

    private static boolean signed(X509Certificate one, X509Certificate authority) {
        try {
            one.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static void copy(StepContext context, Host host, List<Change> changes) {
        context.heartbeat().run();
        List<Wanted> files = changes.stream().map(Change::file).toList();
        host.writeAll(files.stream()
                .map(file -> NewContent.of(file.path(), file.content(), file.attributes()))
                .toList());
        Map<String, FileEntry> there = new TreeMap<>();
        host.list(files.stream().map(Wanted::path).toList()).forEach(entry -> there.put(entry.path(), entry));
        for (Wanted file : files) {
            FileEntry entry = there.get(file.path());
            if (entry == null
                    || !entry.sha256().equals(file.sha256())
                    || !entry.attributes().equals(file.attributes())) {
                throw StepFailure.of(
                        FailureKind.TRANSIENT,
                        "FILE_CHANGED",
                        host.node() + ": " + file.path() + " is not what was just written",
                        "find out what else writes it");
            }
        }
    }
}
