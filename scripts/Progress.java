/// A progress bar on a terminal; elsewhere a line for every tenth of the way.
final class Progress {

    private static final int WIDTH = 30;

    private final String label;
    private final int total;
    private final boolean terminal = System.console() != null && System.console().isTerminal();
    private int shownTenths = -1;

    Progress(String label, int total) {
        this.label = label;
        this.total = total;
    }

    synchronized void show(int done, int failed) {
        int finished = done + failed;
        int tenths = total == 0 ? 10 : 10 * finished / total;
        if (!terminal && tenths == shownTenths) return;
        shownTenths = tenths;
        int filled = total == 0 ? WIDTH : WIDTH * finished / total;
        var bar = "#".repeat(filled) + "-".repeat(WIDTH - filled);
        var line = "%-10s [%s] %d/%d files%s".formatted(
                label, bar, finished, total, failed == 0 ? "" : ", %d failed".formatted(failed));
        if (terminal) {
            System.err.print("\r" + line + (finished == total ? "\n" : ""));
        } else {
            System.err.println(line);
        }
    }
}
