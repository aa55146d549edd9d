package dev.modelfetch.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import okhttp3.HttpUrl;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mirrors.md 5.2 and 5.4, point 4. */
class NoProxyTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                // value            | address                    | exempt
                "\"\"               | https://m.test             | false",
                "\" \"              | https://m.test             | false",
                "*                  | https://m.test             | true",
                "\" * \"            | https://10.0.0.1           | true",
                "*, n.test          | https://m.test             | false",
                "*, n.test          | https://n.test             | true",
                "m.test             | https://m.test             | true",
                "m.test             | https://a.m.test           | true",
                "m.test             | https://a.b.m.test         | true",
                "m.test             | https://hf-m.test          | false",
                "m.test             | https://m.test.example     | false",
                "M.Test             | https://m.TEST             | true",
                ".m.test            | https://m.test             | true",
                ".m.test            | https://a.m.test           | true",
                ".m.test            | https://hf-m.test          | false",
                "*.m.test           | https://m.test             | true",
                "*.m.test           | https://a.m.test           | true",
                "*.m.test           | https://hf-m.test          | false",
                "m*.test            | https://m1.test            | false",
                "x.test,m.test      | https://m.test             | true",
                "x.test m.test      | https://m.test             | true",
                "x.test m.test      | https://x.test             | true",
                "x.test m.test      | https://xm.test            | false",
                "x.test , ,m.test   | https://m.test             | true",
                "m.test:443         | https://m.test             | true",
                "m.test:443         | https://a.m.test           | true",
                "m.test:443         | https://m.test:8443        | false",
                "m.test:443         | http://m.test              | false",
                "m.test:80          | http://m.test              | true",
                "m.test:8443        | https://m.test:8443        | true",
                ".m.test:8443       | https://a.m.test:8443      | true",
                "*.m.test:8443      | https://a.m.test           | false",
                "10.0.0.1           | https://10.0.0.1           | true",
                "10.0.0.1           | https://110.0.0.1          | false",
                "10.0.0.1:443       | https://10.0.0.1           | true",
                "10.0.0.1:443       | https://10.0.0.1:444       | false",
                "10.                | https://10.0.0.1           | false",
                "10                 | https://10.0.0.1           | false",
                "0.0.1              | https://10.0.0.1           | false",
                "10.0.0.0/8         | https://10.200.3.4         | true",
                "10.0.0.0/8         | https://11.0.0.1           | false",
                "10.0.0.0/8         | https://a.10.0.0.0.test    | false",
                "10.0.0.0/8         | https://ten.test           | false",
                "192.168.1.0/24     | https://192.168.1.255      | true",
                "192.168.1.0/24     | https://192.168.2.1        | false",
                "192.168.1.128/25   | https://192.168.1.127      | false",
                "192.168.1.128/25   | https://192.168.1.200      | true",
                "192.168.1.7/32     | https://192.168.1.7        | true",
                "192.168.1.7/32     | https://192.168.1.6        | false",
                "0.0.0.0/0          | https://8.8.8.8            | true",
                "0.0.0.0/0          | https://m.test             | false",
                "10.0.0.0/33        | https://10.0.0.0           | false",
                "10.0.0.0/x         | https://10.0.0.0           | false",
                "m.test/8           | https://m.test             | false",
                "::1                | https://[::1]              | true",
                "[::1]              | https://[::1]              | true",
                "[::1]:8443         | https://[::1]:8443         | true",
                "[::1]:8443         | https://[::1]              | false",
                "0:0:0:0:0:0:0:1    | https://[::1]              | true",
                "fd00::/8           | https://[fd12:3456::1]     | true",
                "[fd00::]/8         | https://[fd12:3456::1]     | true",
                "fd00::/8           | https://[fe80::1]          | false",
                "fd00::/8           | https://253.0.0.1          | false",
                "10.0.0.0/8         | https://[fd00::1]          | false",
                ".                  | https://m.test             | false",
                "*.                 | https://m.test             | false",
                "https://m.test     | https://m.test             | false",
                "模型.test          | https://xn--4gq62hz1n.test | false",
            })
    void anEntryExemptsWhatTheUnionOfCommonRulesExempts(String value, String address, boolean exempt) {
        assertThat(new NoProxy(value).matches(HttpUrl.get(address))).isEqualTo(exempt);
    }
}
