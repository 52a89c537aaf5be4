import java.io.IOException;
import java.io.InputStream;

/// Who takes the answer of an invocation, as it comes.
interface Receiver {

    /// Reads the body of a streamed answer to its end, at the pace that it can be passed on.
    ///
    /// @throws IOException when the function's side broke off, or what it sent is no answer
    void streamed(InputStream body) throws IOException;

    /// @throws IOException when the body is no answer
    void buffered(byte[] body) throws IOException;
}
