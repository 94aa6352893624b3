package dev.belay.activities;

import dev.belay.activities.steps.backup.BackupDrill;
import dev.belay.activities.steps.backup.BackupEtcd;
import dev.belay.activities.steps.backup.BackupFiles;
import dev.belay.activities.steps.backup.BackupPage;
import dev.belay.activities.steps.certs.InspectCertificates;
import dev.belay.activities.steps.certs.IssueCertificates;
import dev.belay.activities.steps.certs.RenewCertificates;
import dev.belay.activities.steps.certs.SyncCertificates;
import dev.belay.activities.steps.certs.VerifyCertificates;
import dev.belay.activities.steps.check.CheckAccess;
import dev.belay.activities.steps.check.CheckCertificates;
import dev.belay.activities.steps.check.CheckDisk;
import dev.belay.activities.steps.check.CheckEtcd;
import dev.belay.activities.steps.check.CheckNodes;
import dev.belay.activities.steps.check.CheckVersions;
import dev.belay.activities.steps.controlplane.AwaitControlPlane;
import dev.belay.activities.steps.downgrade.DowngradeMember;
import dev.belay.activities.steps.downgrade.EnableDowngrade;
import dev.belay.activities.steps.downgrade.ValidateDowngrade;
import dev.belay.activities.steps.downgrade.VerifyDowngraded;
import dev.belay.activities.steps.kubeadm.ApplyKubeadm;
import dev.belay.activities.steps.kubeadm.PlanKubeadm;
import dev.belay.activities.steps.kubeadm.UpgradeNode;
import dev.belay.activities.steps.lock.LockCluster;
import dev.belay.activities.steps.lock.UnlockCluster;
import dev.belay.activities.steps.member.CheckDeadMember;
import dev.belay.activities.steps.member.ReplaceMember;
import dev.belay.activities.steps.node.AwaitNodeReady;
import dev.belay.activities.steps.node.CordonNode;
import dev.belay.activities.steps.node.DrainNode;
import dev.belay.activities.steps.node.UncordonNode;
import dev.belay.activities.steps.node.UpgradeKubelet;
import dev.belay.activities.steps.packages.InstallPackages;
import dev.belay.activities.steps.restore.CheckRestore;
import dev.belay.activities.steps.restore.RestartAddons;
import dev.belay.activities.steps.restore.RestoreEtcd;
import dev.belay.activities.steps.restore.RestoreNode;
import dev.belay.activities.steps.restore.SignOff;
import dev.belay.activities.steps.restore.StartEtcd;
import dev.belay.activities.steps.restore.StartStaticPods;
import dev.belay.activities.steps.restore.StopEtcd;
import dev.belay.activities.steps.restore.StopStaticPods;
import dev.belay.activities.steps.restore.VerifyRestored;
import dev.belay.activities.steps.space.CompactEtcd;
import dev.belay.activities.steps.space.DefragmentEtcd;
import dev.belay.activities.steps.space.DisarmEtcd;
import dev.belay.activities.steps.space.InspectEtcd;
import dev.belay.activities.steps.space.MoveLeader;
import dev.belay.activities.steps.staticpods.RestartStaticPods;
import dev.belay.activities.steps.verify.VerifyDns;
import dev.belay.activities.steps.verify.VerifyHeld;
import dev.belay.activities.steps.verify.VerifyNodes;
import dev.belay.activities.steps.verify.VerifyStorage;
import dev.belay.activities.steps.verify.VerifyVersions;
import dev.belay.activities.steps.verify.VerifyWorkload;
import dev.belay.activities.steps.workloads.AwaitWorkloads;
import dev.belay.model.runbook.StepSignature;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The step types there are, in the order a person reads them. A new one is its test, its class, and its line here. */
public final class StepCatalogue {

    private static final StepCatalogue SHIPPED = new StepCatalogue(List.of(
            new CheckAccess(),
            new LockCluster(),
            new CheckVersions(),
            new CheckNodes(),
            new CheckEtcd(),
            new CheckCertificates(),
            new InspectCertificates(),
            new CheckDisk(),
            new InspectEtcd(),
            new CompactEtcd(),
            new DefragmentEtcd(),
            new DisarmEtcd(),
            new MoveLeader(),
            new CheckDeadMember(),
            new ReplaceMember(),
            new BackupEtcd(),
            new BackupDrill(),
            new BackupFiles(),
            new BackupPage(),
            new InstallPackages(),
            new PlanKubeadm(),
            new ApplyKubeadm(),
            new UpgradeNode(),
            new AwaitControlPlane(),
            new RenewCertificates(),
            new IssueCertificates(),
            new SyncCertificates(),
            new VerifyCertificates(),
            new RestartStaticPods(),
            new CordonNode(),
            new DrainNode(),
            new UpgradeKubelet(),
            new AwaitNodeReady(),
            new UncordonNode(),
            new AwaitWorkloads(),
            new VerifyVersions(),
            new VerifyNodes(),
            new VerifyWorkload(),
            new VerifyDns(),
            new VerifyStorage(),
            new VerifyHeld(),
            new CheckRestore(),
            new StopStaticPods(),
            new RestoreEtcd(),
            new RestoreNode(),
            new StartEtcd(),
            new StartStaticPods(),
            new StopEtcd(),
            new VerifyRestored(),
            new RestartAddons(),
            new SignOff(),
            new ValidateDowngrade(),
            new EnableDowngrade(),
            new DowngradeMember(),
            new VerifyDowngraded(),
            new UnlockCluster()));

    private final List<StepType<?, ?>> types;
    private final Map<String, StepType<?, ?>> byName = new TreeMap<>();
    private final Map<String, StepSignature> signatures = new TreeMap<>();

    public StepCatalogue(List<StepType<?, ?>> types) {
        this.types = List.copyOf(types);
        for (StepType<?, ?> type : types) {
            if (byName.put(type.name(), type) != null) {
                throw new IllegalArgumentException("two step types are called " + type.name());
            }
            signatures.put(type.name(), StepSignatures.of(type));
        }
    }

    /** Everything Belay ships with. */
    public static StepCatalogue shipped() {
        return SHIPPED;
    }

    public List<StepType<?, ?>> types() {
        return types;
    }

    public Optional<StepType<?, ?>> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Signatures by name, for the linter and the plan. */
    public Map<String, StepSignature> signatures() {
        return new TreeMap<>(signatures);
    }
}
