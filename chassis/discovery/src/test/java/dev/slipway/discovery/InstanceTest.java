package dev.slipway.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceTest {

    @Test
    void an_address_is_read_with_its_zone() {
        assertThat(Instance.parse("10.0.0.1:8080")).isEqualTo(new Instance("10.0.0.1", 8080, ""));
        assertThat(Instance.parse(" shop-1.local:80@eu-1a ")).isEqualTo(new Instance("shop-1.local", 80, "eu-1a"));
        assertThat(Instance.parse("[2001:db8::1]:443")).isEqualTo(new Instance("2001:db8::1", 443, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1:8080", "shop-1.local:80@eu-1a", "[2001:db8::1]:443@b"})
    void what_is_written_can_be_read_again(String text) {
        assertThat(Instance.parse(text)).hasToString(text);
    }

    /// Hosts come from etcd, where others write, and end up in URIs and in the log.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "host",
                "host:",
                ":80",
                "host:0",
                "host:65536",
                "host:99999999",
                "host:80@",
                "host:80@a b",
                "a/b:80",
                "user@host:80",
                "host:80/path",
                "host\n:80",
                "2001:db8::1:80",
                "[host/]:80",
                "ho st:80",
                "host:80@a@b"
            })
    void anything_else_is_refused_in_one_line(String text) {
        assertThatThrownBy(() -> Instance.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain("\n")
                .hasSizeLessThan(200);
    }
}
