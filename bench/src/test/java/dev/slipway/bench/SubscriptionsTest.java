package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;

class SubscriptionsTest {

    @Test
    void the_used_heap_is_found_in_what_the_jvm_says_of_it() {
        assertThat(Subscriptions.usedMegabytes("""
                        4711:
                         garbage-first heap   total reserved 262144K, committed 262144K, used 13312K [0xf0, 0x100)
                          region size 1024K, 3 young (3072K), 0 survivors (0K)
                         Metaspace       used 1011K, committed 2048K, reserved 1114112K
                        """)).isEqualTo(13);
    }

    @Test
    void a_jvm_that_says_nothing_of_its_heap_is_no_result() {
        assertThatExceptionOfType(MeasureException.class)
                .isThrownBy(() -> Subscriptions.usedMegabytes("4711:\n Metaspace used 1011K"));
    }
}
