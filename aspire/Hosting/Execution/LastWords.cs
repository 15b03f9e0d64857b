namespace Aspire.Hosting.Execution;

/// <summary>Remembers what best explains why a process ended.</summary>
internal sealed class LastWords
{
    private const string Unhandled = "Unhandled exception. ";

    private string _sentence = "it said nothing.";
    private bool _isCause;

    public string Sentence
    {
        get
        {
            lock (this)
            {
                return _sentence;
            }
        }
    }

    /// <summary>Takes in a line of output. The first line of an exception beats its stack trace and all that follows.</summary>
    public void Hear(string line)
    {
        lock (this)
        {
            if (line.StartsWith(Unhandled, StringComparison.Ordinal))
            {
                // "Unhandled exception. System.IO.IOException: Failed to ..."
                var text = line[Unhandled.Length..];
                var colon = text.IndexOf(": ", StringComparison.Ordinal);
                (_sentence, _isCause) = (colon < 0 ? text : text[(colon + 2)..], true);
            }
            else if (!_isCause && !string.IsNullOrWhiteSpace(line))
            {
                _sentence = line.Trim();
            }
        }
    }
}
