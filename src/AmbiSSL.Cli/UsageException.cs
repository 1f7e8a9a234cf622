namespace AmbiSSL.Cli;

/// <summary>The arguments contradict each other or name what is not there: exit code 2.</summary>
internal sealed class UsageException(string message, Exception? cause = null) : Exception(message, cause);
