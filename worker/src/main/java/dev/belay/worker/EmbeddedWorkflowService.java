package dev.belay.worker;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc;
import io.temporal.internal.testservice.TestWorkflowService;

/** The test server's workflow service with {@code ListWorkflowExecutions} added, and its workflow-task polls watched. */
final class EmbeddedWorkflowService implements BindableService {

    private final TestWorkflowService service;
    private final StickyReaper reaper;

    EmbeddedWorkflowService(TestWorkflowService service, StickyReaper reaper) {
        this.service = service;
        this.reaper = reaper;
    }

    @Override
    public ServerServiceDefinition bindService() {
        ServerServiceDefinition original = service.bindService();
        ServerServiceDefinition.Builder bound = ServerServiceDefinition.builder(original.getServiceDescriptor());
        for (ServerMethodDefinition<?, ?> method : original.getMethods()) {
            if (!isReplaced(method.getMethodDescriptor())) {
                bound.addMethod(method);
            }
        }
        ListedExecutions listed = new ListedExecutions(service);
        bound.addMethod(
                WorkflowServiceGrpc.getListWorkflowExecutionsMethod(), ServerCalls.asyncUnaryCall(listed::answer));
        bound.addMethod(WorkflowServiceGrpc.getPollWorkflowTaskQueueMethod(), ServerCalls.asyncUnaryCall(reaper::poll));
        return bound.build();
    }

    private static boolean isReplaced(MethodDescriptor<?, ?> method) {
        String name = method.getFullMethodName();
        return name.equals(WorkflowServiceGrpc.getListWorkflowExecutionsMethod().getFullMethodName())
                || name.equals(
                        WorkflowServiceGrpc.getPollWorkflowTaskQueueMethod().getFullMethodName());
    }
}
