package dev.belay.model.inventory;

import static dev.belay.model.document.Shape.optional;
import static dev.belay.model.document.Shape.required;

import dev.belay.model.document.Form;
import dev.belay.model.document.Shape;
import dev.belay.model.plan.Acceptance;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * The keys of an inventory and what may stand under them. Whatever can reach a shell, a package source or a URL is bound to characters that
 * mean nothing there.
 */
final class ClusterShapes {
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final String IPV4 = "(?:" + OCTET + "\\.){3}" + OCTET;
    private static final String IPV6 = "[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}";
    private static final String HOSTNAME = "(?=.{1,253}$)(?:" + LABEL + "\\.)*(?=[^.]*[A-Za-z])" + LABEL;

    private static final Form ADDRESS = text("a host name or an IP address", IPV4 + "|" + IPV6 + "|" + HOSTNAME);
    private static final Form PORT = new Form.Whole(1, 65535);
    private static final Form USER = text("a login name such as ops", "[A-Za-z_][A-Za-z0-9_.-]{0,31}");
    private static final Form NODE = text(
            "the node's name in the API: lower-case letters, digits, '-' and '.', at most 253 characters",
            "(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*");
    private static final Form CLUSTER_NAME = text(
            "a name of lower-case letters, digits and '-', at most 63 characters",
            "[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?");
    private static final Form SITE =
            text("a name of letters, digits, '.', '_' and '-'", "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
    private static final Form ZONE = text(
            "a zone of letters, digits, '.', '_' and '-', in quotes if it is a number",
            "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?");
    private static final Form PATH =
            text("an absolute path on the hosts", "(?=.{1,1024}$)(?!.*/\\.\\.?(?:/|$))(?:/[A-Za-z0-9._+-]+)+");
    private static final Form SOURCE_FILE = text(
            "an absolute path on the hosts that ends in .list or .sources, or apt does not read it",
            "(?=.{1,1024}$)(?!.*/\\.\\.?(?:/|$))(?:/[A-Za-z0-9._+-]+)+\\.(?:list|sources)");
    private static final Form REPOSITORY = Form.Custom.scalar(References.REPOSITORY_LOOKS, "repository");
    private static final Form STORE_URL = Form.Custom.scalar(References.STORE_LOOKS, "store");
    private static final Form REVISION = text("a package revision in quotes, such as '1.1'", "[A-Za-z0-9.+~]{1,32}");
    private static final Form CHECK =
            text("the name of one kubeadm check, such as Swap", "[A-Za-z0-9][A-Za-z0-9_.-]{0,127}");
    private static final Form SENTENCE = text("one line of text", "(?=.*\\S)[^\\p{Cntrl}]{1,300}");
    private static final Form PERSON_NAME =
            text("a login name such as ada, without a host", "[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");
    private static final Form REFERENCE = Form.Custom.scalar(References.LOOKS, "reference");

    static final Shape METADATA =
            Shape.of("metadata", required("name", CLUSTER_NAME, "Part of the run's workflow id, and its lock"));

    static final Shape KUBERNETES = Shape.of(
            "kubernetes",
            required("kubeconfig", REFERENCE, "How the API is reached: an administrator's kubeconfig"),
            optional(
                    "adminCopies",
                    Form.Custom.list("a list of copies with node and path", "adminCopies"),
                    "Where copies of admin.conf are kept on hosts, to follow when it is renewed"));

    static final Shape ADMIN_COPY = Shape.of(
            "a copy of admin.conf",
            required("node", NODE, "The host it is on"),
            required("path", PATH, "Where it is there; it must exist, and keeps its mode and owner"));

    static final Shape BASTION = Shape.of(
            "bastion",
            required("address", ADDRESS, "Where SSH connects first"),
            optional("port", PORT, "Its port, 22 unless given"),
            required("user", USER, "The login on it"),
            optional("key", REFERENCE, "Private key for it; that of the hosts unless given"));

    static final Shape SSH = Shape.of(
            "ssh",
            required("user", USER, "The login on every host, with sudo that asks for no password"),
            required("key", REFERENCE, "Private key"),
            optional("passphrase", REFERENCE, "Passphrase of the key"),
            required("knownHosts", REFERENCE, "Verified host keys; an unknown or changed key is refused"),
            optional("bastion", new Form.Nested(BASTION), "A jump host"));

    static final Shape HOST = Shape.of(
            "a host",
            required("node", NODE, "Its name in the API; of a host of external etcd its member's name"),
            required(
                    "role",
                    Form.Choice.of("controlPlane", "worker", "etcd"),
                    "What it is to kubeadm; etcd where it runs a member of an external etcd, by the unit etcd.service"),
            required("address", ADDRESS, "Where SSH connects"),
            optional("port", PORT, "The port of SSH, 22 unless given"),
            optional("zone", ZONE, "Failure domain, for batches that keep zones apart"),
            optional("user", USER, "Another login than that of ssh"));

    static final Shape PACKAGES = Shape.of(
            "packages",
            required("repository", REPOSITORY, "One repository a minor"),
            required("keyring", PATH, "The repository's key on the hosts"),
            required("sourceFile", SOURCE_FILE, "The apt source on the hosts that Belay rewrites at each hop"),
            required("revision", REVISION, "Debian revision of the packages"));

    static final Shape STORE = Shape.of(
            "store",
            required("url", STORE_URL, "The bucket"),
            optional("region", SITE, "The store's region, where it has one"),
            required("accessKey", REFERENCE, "The name to log in with"),
            required("secretKey", REFERENCE, "The secret that goes with it"));

    static final Shape RETENTION = Shape.of(
            "retention",
            optional("count", new Form.Whole(1, 10_000), "The newest so many stay, however old"),
            optional("age", new Form.Time(Duration.ofDays(3650)), "Those that are younger stay, however many"));

    static final Shape BACKUPS = Shape.of(
            "backups",
            optional("directory", REFERENCE, "Where snapshots and files are kept: a directory of the worker"),
            optional("store", new Form.Nested(STORE), "Or a bucket of a store that speaks S3"),
            optional("retention", new Form.Nested(RETENTION), "What may go; without it everything stays"),
            optional("key", REFERENCE, "What private keys are encrypted with at rest: 32 bytes, or 64 hex digits"));

    static final Shape IGNORED = Shape.of(
            "an ignored check",
            required("name", CHECK, "The check as kubeadm names it; never all"),
            required("reason", SENTENCE, "Why it may fail here"),
            required("owner", SENTENCE, "Who answers for it"));

    static final Shape ACCEPTANCE = Shape.of(
            "an accepted finding",
            required("rule", Form.Choice.of(Acceptance.RULES.toArray(String[]::new)), "The finding's rule"),
            required("reason", SENTENCE, "Why it is accepted here"),
            required("owner", SENTENCE, "Who answers for it"));

    static final Shape PERSON = Shape.of(
            "a person",
            required("name", PERSON_NAME, "Who: the name that stands in approvals"),
            optional("roles", new Form.Texts(20), "What approvals of a runbook may ask for, by: [sre]"),
            required(
                    "keys", new Form.Texts(20), "SSH public keys, each a line as ssh-keygen writes it to a .pub file"));

    static final Shape KUBEADM = Shape.of(
            "kubeadm",
            optional(
                    "ignorePreflightErrors",
                    Form.Custom.list("a list of checks with name, reason and owner", "ignored"),
                    "What this cluster's machines make kubeadm refuse"));

    static final Shape CLUSTER = Shape.of(
            "a Cluster",
            required("apiVersion", Form.Choice.of("belay.dev/v1"), "Version of the language"),
            required("kind", Form.Choice.of("Cluster"), "Cluster"),
            required("metadata", new Form.Nested(METADATA), "Its name"),
            required("site", SITE, "The task queue of the workers that reach it"),
            required("kubernetes", new Form.Nested(KUBERNETES), "The API"),
            required("ssh", new Form.Nested(SSH), "How hosts are reached"),
            required(
                    "hosts",
                    Form.Custom.list("a list of hosts", "hosts"),
                    "Every node of the cluster, and every host of an external etcd"),
            required("packages", new Form.Nested(PACKAGES), "Where packages come from"),
            required("backups", new Form.Nested(BACKUPS), "Where backups go"),
            optional("kubeadm", new Form.Nested(KUBEADM), "What kubeadm is told"),
            optional(
                    "accept",
                    Form.Custom.list("a list of findings with rule, reason and owner", "accepted"),
                    "Findings that stop nothing here"),
            optional(
                    "people",
                    Form.Custom.list("a list of people with name, roles and keys", "people"),
                    "Who may approve, by signatures; without it approvals are by name only"));

    private ClusterShapes() {}

    private static Form text(String looks, String pattern) {
        return new Form.Text(looks, Pattern.compile(pattern));
    }
}
