import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Takes the answer to an event that a file held: to standard output, byte by byte as the function sent it.
final class Printer implements Receiver {

    private final OutputStream out;

    Printer(OutputStream out) {
        this.out = out;
    }

    @Override
    public void streamed(InputStream body) throws IOException {
        var head = Prelude.read(body);
        System.err.println("lambda: status " + head.status());
        head.fields().forEach(field -> System.err.println("lambda: " + field.name() + ": " + field.value()));
        body.transferTo(out);
        out.flush();
    }

    @Override
    public void buffered(byte[] body) throws IOException {
        out.write(body);
        out.write('\n');
        out.flush();
    }
}
