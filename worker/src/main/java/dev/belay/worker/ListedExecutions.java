package dev.belay.worker;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionResponse;
import io.temporal.api.workflowservice.v1.ListClosedWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.ListClosedWorkflowExecutionsResponse;
import io.temporal.api.workflowservice.v1.ListOpenWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.ListOpenWorkflowExecutionsResponse;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsResponse;
import io.temporal.internal.testservice.TestWorkflowService;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers a list query out of what the test server has: its open and closed lists, and a description of each. One workflow type at a time. */
final class ListedExecutions {

    private static final Pattern BY_TYPE = Pattern.compile("\\s*WorkflowType\\s*=\\s*['\"]([^'\"]+)['\"]\\s*");

    private final TestWorkflowService service;

    ListedExecutions(TestWorkflowService service) {
        this.service = service;
    }

    void answer(ListWorkflowExecutionsRequest request, StreamObserver<ListWorkflowExecutionsResponse> observer) {
        Matcher query = BY_TYPE.matcher(request.getQuery());
        if (!query.matches()) {
            observer.onError(Status.INVALID_ARGUMENT
                    .withDescription("the embedded server lists by WorkflowType = '...' only")
                    .asRuntimeException());
            return;
        }
        try {
            observer.onNext(ListWorkflowExecutionsResponse.newBuilder()
                    .addAllExecutions(ofType(query.group(1), request.getNamespace()))
                    .build());
            observer.onCompleted();
        } catch (RuntimeException e) {
            observer.onError(e);
        }
    }

    private List<WorkflowExecutionInfo> ofType(String type, String namespace) {
        List<WorkflowExecutionInfo> all = new ArrayList<>();
        all.addAll(open(namespace));
        all.addAll(closed(namespace));
        return all.stream()
                .filter(info -> info.getType().getName().equals(type))
                .map(info -> described(namespace, info.getExecution()))
                .toList();
    }

    private List<WorkflowExecutionInfo> open(String namespace) {
        Answer<ListOpenWorkflowExecutionsResponse> answer = new Answer<>();
        service.listOpenWorkflowExecutions(
                ListOpenWorkflowExecutionsRequest.newBuilder()
                        .setNamespace(namespace)
                        .build(),
                answer);
        return answer.value().getExecutionsList();
    }

    private List<WorkflowExecutionInfo> closed(String namespace) {
        Answer<ListClosedWorkflowExecutionsResponse> answer = new Answer<>();
        service.listClosedWorkflowExecutions(
                ListClosedWorkflowExecutionsRequest.newBuilder()
                        .setNamespace(namespace)
                        .build(),
                answer);
        return answer.value().getExecutionsList();
    }

    private WorkflowExecutionInfo described(String namespace, WorkflowExecution execution) {
        Answer<DescribeWorkflowExecutionResponse> answer = new Answer<>();
        service.describeWorkflowExecution(
                DescribeWorkflowExecutionRequest.newBuilder()
                        .setNamespace(namespace)
                        .setExecution(execution)
                        .build(),
                answer);
        return answer.value().getWorkflowExecutionInfo();
    }
}
