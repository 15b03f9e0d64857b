namespace Grpc.Core.Utils;

/// <summary>Checks of arguments and state.</summary>
public static class GrpcPreconditions
{
    /// <summary>Throws <see cref="ArgumentException"/> when the condition does not hold.</summary>
    public static void CheckArgument(bool condition)
    {
        if (!condition)
        {
            throw new ArgumentException("The argument is not valid.");
        }
    }

    /// <summary>Throws <see cref="ArgumentException"/> with the message when the condition does not hold.</summary>
    public static void CheckArgument(bool condition, string errorMessage)
    {
        if (!condition)
        {
            throw new ArgumentException(errorMessage);
        }
    }

    /// <summary>Returns the reference, or throws <see cref="ArgumentNullException"/> when there is none.</summary>
    public static T CheckNotNull<T>(T reference) => reference ?? throw new ArgumentNullException(nameof(reference));

    /// <summary>Returns the reference, or throws <see cref="ArgumentNullException"/> that names the parameter.</summary>
    public static T CheckNotNull<T>(T reference, string paramName) =>
        reference ?? throw new ArgumentNullException(paramName);

    /// <summary>Throws <see cref="InvalidOperationException"/> when the condition does not hold.</summary>
    public static void CheckState(bool condition)
    {
        if (!condition)
        {
            throw new InvalidOperationException("The object is not in a state that allows this.");
        }
    }

    /// <summary>Throws <see cref="InvalidOperationException"/> with the message when the condition does not hold.</summary>
    public static void CheckState(bool condition, string errorMessage)
    {
        if (!condition)
        {
            throw new InvalidOperationException(errorMessage);
        }
    }
}
