using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Serving;

/// <summary>Marks an image of any size. ML.NET's own <see cref="ImageTypeAttribute"/> wants one.</summary>
public sealed class AnySizeAttribute : DataViewTypeAttribute
{
    /// <inheritdoc/>
    public override void Register() => DataViewTypeManager.Register(new ImageDataViewType(), typeof(MLImage), this);

    /// <inheritdoc/>
    public override bool Equals(DataViewTypeAttribute? other) => other is AnySizeAttribute;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is AnySizeAttribute;

    /// <inheritdoc/>
    public override int GetHashCode() => nameof(AnySizeAttribute).GetHashCode(StringComparison.Ordinal);
}
