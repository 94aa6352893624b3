package dev.belay.cli;

import dev.belay.activities.RealPorts;
import dev.belay.activities.Secrets;
import dev.belay.activities.steps.backup.BackupReceipt;
import dev.belay.activities.steps.backup.BackupReport;
import dev.belay.activities.steps.backup.Backups;
import dev.belay.activities.steps.backup.SnapshotDrill;
import dev.belay.cli.text.BackupsText;
import dev.belay.cli.text.Words;
import dev.belay.model.kubernetes.NodeName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "backups",
        description =
                "Lists a cluster's backups, reads them again, or restores one in a scratch folder of a control plane. Needs no Temporal server.")
final class BackupsVerb extends Verb {

    /** What to do with them. */
    enum Action {
        list,
        verify,
        drill
    }

    @Parameters(index = "0", paramLabel = "list|verify|drill", description = "${COMPLETION-CANDIDATES}")
    private Action action = Action.list;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "BACKUP",
            description = "A run, a path or a sha256; without it verify reads all, and drill takes the newest")
    private @Nullable String name;

    @Mixin
    private final InventoryChoice cluster = new InventoryChoice();

    @Option(names = "--node", paramLabel = "NODE", description = "Where to drill: a control plane")
    private @Nullable String node;

    BackupsVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run() {
        try (RealPorts ports =
                new RealPorts(cluster.read(), new Secrets(terminal().environment()))) {
            Backups backups = Backups.of(ports.evidence(), ports.inventory().name());
            List<BackupReport> reports =
                    switch (action) {
                        case list ->
                            backups.receipts().stream().map(backups::report).toList();
                        case verify ->
                            chosen(backups).stream().map(backups::verified).toList();
                        case drill -> List.of(drilled(ports, backups));
                    };
            print(
                    BackupsText.of(ports.evidence().location(), reports, paint()),
                    Map.of("location", ports.evidence().location(), "backups", reports));
            return reports.stream().allMatch(BackupReport::isSound) ? Exit.OK : Exit.FINDINGS;
        }
    }

    private List<BackupReceipt> chosen(Backups backups) {
        return name == null ? backups.receipts() : List.of(backups.named(name));
    }

    private BackupReport drilled(RealPorts ports, Backups backups) {
        if (backups.receipts().isEmpty()) {
            throw Stop.error(ports.evidence().location() + " has no backup of this cluster; a run's prep makes one");
        }
        BackupReceipt receipt = name == null ? backups.receipts().get(0) : backups.named(name);
        String where = node == null ? receipt.member() : node;
        if (!NodeName.isValid(where)) {
            throw Stop.error("--node should be a node's name in the API, not \"" + Words.line(where) + "\"");
        }
        String mark = "belay-by-hand-" + ProcessHandle.current().pid();
        SnapshotDrill.of(ports, mark).run(receipt, new NodeName(where));
        return backups.report(receipt);
    }
}
