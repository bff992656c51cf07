package dev.slipway.graphql;

/// Why a WebSocket was closed: codes of [RFC 6455, 7.4](https://www.rfc-editor.org/rfc/rfc6455#section-7.4) and, from 4400
/// on, of graphql-transport-ws.
final class SocketCodes {
    static final int NORMAL = 1000;
    static final int GOING_AWAY = 1001;
    static final int PROTOCOL_ERROR = 1002;
    static final int UNSUPPORTED = 1003;
    static final int NOT_UTF_8 = 1007;
    static final int TOO_LARGE = 1009;
    static final int INTERNAL = 1011;
    static final int TRY_LATER = 1013;

    static final int BAD_REQUEST = 4400;
    static final int UNAUTHORIZED = 4401;
    static final int FORBIDDEN = 4403;
    static final int INIT_TIMEOUT = 4408;
    static final int ALREADY_EXISTS = 4409;
    static final int TOO_MANY_INITS = 4429;

    private SocketCodes() {}

    /// Whether a code may stand in a close frame; some only name what was not said.
    static boolean maySend(int code) {
        var isDefined = code >= NORMAL && code <= 1014;
        var isUnsaid = code >= 1004 && code <= 1006;
        var isOfAnApplication = code >= 3000 && code <= 4999;
        return (isDefined && !isUnsaid) || isOfAnApplication;
    }
}
