package dev.slipway.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.slipway.testing.rewards.RewardApp;
import dev.slipway.testing.rewards.RewardApp.Fault;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opentest4j.TestAbortedException;

/// A service with two resources that keeps its promises passes, without a database and by REST alone; each fault is
/// found by its test.
@SuppressWarnings("JUnitMethodInvoked") // the contract is what is tested
class ServiceContractTest {

    private static final class Contract extends ServiceContract implements AutoCloseable {
        Contract(Fault fault, ContractSamples samples) {
            super(new RewardApp(fault), samples);
            service.start();
            connect();
        }

        @Override
        public void close() {
            disconnect();
            service.close();
        }
    }

    private static ContractSamples samples() {
        return new ContractSamples()
                .authenticated("readReward", "listRewards", "readBadge")
                .everything("admin")
                .input("createBadge", "{\"name\": \"*\"}")
                .input("createReward", "{\"name\": \"*\", \"about\": \"About *\"}");
    }

    /// The names of the tests that fail, and what they say.
    private static List<String> failures(Contract contract) {
        return Stream.concat(
                        contract.each_operation_answers_as_promised_by_every_protocol(),
                        Stream.concat(
                                contract.what_one_protocol_did_all_protocols_see(),
                                contract.an_unreadable_token_is_refused()))
                .flatMap(ServiceContractTest::failure)
                .toList();
    }

    private static Stream<String> failure(DynamicTest test) {
        var failure = catchThrowable(() -> test.getExecutable().execute());
        return failure == null || failure instanceof TestAbortedException
                ? Stream.empty()
                : Stream.of(test.getDisplayName() + "\n" + failure.getMessage());
    }

    @Test
    void a_service_that_keeps_its_promises_passes() {
        try (var contract = new Contract(Fault.NONE, samples())) {
            assertThat(failures(contract)).isEmpty();
            contract.a_running_service_is_ready_and_names_its_dependencies();
            contract.requests_are_counted_by_route_and_status();
            contract.ports_that_are_taken_are_told_all_at_once();
            assertThat(contract.random_values_are_no_failure_of_the_service()).isEmpty();
            assertThat(catchThrowable(contract::the_home_page_tells_where_grpc_is))
                    .isInstanceOf(TestAbortedException.class);
            contract.what_is_left_out_exists();
            assertThat(contract.what_the_api_documents_take_the_service_takes_and_the_reverse())
                    .singleElement()
                    .satisfies(test -> assertThat(failure(test)).isEmpty());
            assertThat(catchThrowable(contract::a_key_changes_nothing_but_itself))
                    .isInstanceOf(TestAbortedException.class)
                    .hasMessageContaining("it has no database");
            assertThat(catchThrowable(contract::the_schema_breaks_no_client)).isInstanceOf(TestAbortedException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            EVERYBODY_WRITES        | createReward by somebody: what is there
            NOBODY_READS            | readReward by somebody: what is there
            VERSIONS_DO_NOT_COUNT   | changeReward by admin: what somebody changed
            A_CHANGE_LOSES_A_FIELD  | what changeReward changes by REST is changed for all
            PAGES_OVERLAP           | listRewards by admin: pages in the order name
            AN_ORDER_IS_WRONG       | listRewards by admin: pages in the order -name
            A_SEARCH_TAKES_PATTERNS | listRewards by admin: a search takes its text literally
            WHAT_IS_DELETED_STAYS   | what deleteReward deletes by REST is gone for all
            """)
    void a_fault_is_found_and_its_question_is_shown(Fault fault, String test) {
        try (var contract = new Contract(fault, samples())) {
            assertThat(failures(contract)).anyMatch(failure -> failure.startsWith(test + "\n"));
        }
    }

    @Test
    void what_is_left_out_is_skipped_with_its_reason_and_must_exist() {
        var test = "createReward by somebody: what is there";
        var samples = samples().without(test, "this one is a gift");
        try (var contract = new Contract(Fault.EVERYBODY_WRITES, samples)) {
            contract.what_is_left_out_exists();
            assertThat(failures(contract)).noneMatch(failure -> failure.startsWith(test + "\n"));
            samples.without("createReward by nobody", "there is none");
            assertThat(catchThrowable(contract::what_is_left_out_exists))
                    .hasMessageContaining("createReward by nobody");
        }
    }
}
