package dev.parley.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;

/// What the application logs while this is open, at the levels that are on.
public final class CapturedLogs extends Handler {

    private final List<ExtLogRecord> records = new CopyOnWriteArrayList<>();

    private CapturedLogs() {}

    public static CapturedLogs start() {
        var logs = new CapturedLogs();
        Logger.getLogger("").addHandler(logs);
        return logs;
    }

    public List<ExtLogRecord> records() {
        return records;
    }

    /// Everything a formatter could print of the records: messages, context, and failures with their causes.
    public String text() {
        var text = new StringBuilder();
        for (ExtLogRecord one : records) {
            text.append(one.getFormattedMessage()).append(one.getMdcCopy()).append('\n');
            for (Throwable cause = one.getThrown(); cause != null; cause = cause.getCause()) {
                text.append(cause).append('\n');
            }
        }
        return text.toString();
    }

    @Override
    public void publish(LogRecord published) {
        ExtLogRecord copy = ExtLogRecord.wrap(published);
        copy.copyAll(); // on the logging thread, whose context it is
        records.add(copy);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(this);
    }
}
