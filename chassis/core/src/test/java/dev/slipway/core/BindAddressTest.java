package dev.slipway.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class BindAddressTest {
    private static BindAddress bound(String host) {
        return BindAddress.of("http.", Optional.of(host), 8080, Environment.TEST);
    }

    @Test
    void clients_on_this_machine_reach_what_listens_everywhere_or_on_loopback_by_localhost() {
        assertThat(bound("0.0.0.0").uri("http", 8081)).hasToString("http://localhost:8081");
        assertThat(bound("127.0.0.1").uri("grpc", 9090)).hasToString("grpc://localhost:9090");
        assertThat(bound("192.0.2.7").uri("http", 8081)).hasToString("http://192.0.2.7:8081");
        assertThat(bound("2001:db8::7").uri("http", 8081)).hasToString("http://[2001:db8:0:0:0:0:0:7]:8081");
    }

    @Test
    void without_a_host_the_environment_decides() {
        assertThat(BindAddress.of("http.", Optional.empty(), 0, Environment.TEST)
                        .host()
                        .isLoopbackAddress())
                .isTrue();
        assertThat(BindAddress.of("http.", Optional.empty(), 0, Environment.PRODUCTION)
                        .host()
                        .isAnyLocalAddress())
                .isTrue();
    }

    @Test
    void what_is_wrong_is_said_by_the_name_of_its_setting() {
        assertThatExceptionOfType(StartException.class)
                .isThrownBy(() -> bound("no.such.host.invalid"))
                .withMessage("http.host: no.such.host.invalid is not known on this machine");
        assertThat(bound("127.0.0.1").taken("in use", null))
                .hasMessage(
                        "http.port: cannot listen on 127.0.0.1:8080: in use; choose another port or 0 for a free one");
    }
}
