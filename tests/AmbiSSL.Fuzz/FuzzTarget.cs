using AmbiSSL.Torch.Foundation;

namespace AmbiSSL.Fuzz;

/// <summary>A kind of file, and what must hold whatever is in it.</summary>
internal abstract class FuzzTarget
{
    private readonly Lazy<IReadOnlyList<byte[]>> _sound;

    protected FuzzTarget() => _sound = new Lazy<IReadOnlyList<byte[]>>(MakeSound);

    /// <summary>What the command line calls it.</summary>
    public abstract string Name { get; }

    /// <summary>What must hold, in a sentence.</summary>
    public abstract string Invariant { get; }

    /// <summary>The name of the file, below a folder that <see cref="Prepare"/> filled.</summary>
    public abstract string FileName { get; }

    /// <summary>Whether the file is text, in which numbers and words are changed too.</summary>
    public virtual bool IsText => false;

    /// <summary>Most managed memory that reading one file may take, in bytes.</summary>
    public virtual long MostAllocated => 300 << 20;

    /// <summary>The sentence with which a file was refused last.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Sound files, from which mutants are made.</summary>
    public IReadOnlyList<byte[]> Sound => _sound.Value;

    /// <summary>Writes what belongs beside the file.</summary>
    public virtual void Prepare(string folder)
    {
    }

    /// <summary>Makes the checksums of a mutant right, so that what lies behind them is reached too.</summary>
    public virtual byte[] Mend(byte[] mutant, SplitMix64 random) => mutant;

    /// <summary>Reads a file, sound or not.</summary>
    /// <returns>Whether it was taken for good.</returns>
    /// <exception cref="FuzzFailure">The invariant is broken; any other exception breaks it too.</exception>
    public abstract bool Check(string path);

    /// <summary>Sound files of this kind, small, the same each time.</summary>
    protected abstract IReadOnlyList<byte[]> MakeSound();

    /// <summary>Whether a file is taken for good, where it may be refused with exceptions of some kinds that name it.</summary>
    protected bool Accepts(string name, Action read, params Type[] refusals)
    {
        try
        {
            read();
            return true;
        }
        catch (Exception refusal) when (refusals.Contains(refusal.GetType()))
        {
            Refusal = refusal.Message;
            Require(refusal.Message.Contains(name, StringComparison.Ordinal), $"the refusal does not name the file: {refusal.Message}");
            return false;
        }
    }

    /// <summary>Requires a part of the invariant.</summary>
    protected static void Require(bool condition, string problem)
    {
        if (!condition)
        {
            throw new FuzzFailure(problem);
        }
    }
}
