package dev.belay.activities.host.ssh;

import net.schmizz.sshj.common.LoggerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;

/**
 * sshj logs every broken connection as an error with a stack trace, besides throwing it. We say it once, in the failure: its own log
 * appears when {@code net.schmizz} is set to debug.
 */
enum QuietLogging implements LoggerFactory {
    INSTANCE;

    @Override
    public Logger getLogger(String name) {
        return quietUnlessDebugging(org.slf4j.LoggerFactory.getLogger(name));
    }

    @Override
    public Logger getLogger(Class<?> type) {
        return quietUnlessDebugging(org.slf4j.LoggerFactory.getLogger(type));
    }

    private static Logger quietUnlessDebugging(Logger logger) {
        return logger.isDebugEnabled() ? logger : NOPLogger.NOP_LOGGER;
    }
}
