using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace AmbiSSL.Cli.Arguments;

/// <summary>The arguments that name a data set and, where no model says it, bring its images to one size.</summary>
internal sealed class DataArguments
{
    private const string ByNumber = "by-number";
    private const string Yes = "yes";
    private const string No = "no";

    private readonly bool _hasSize;
    private readonly bool _hasReaders;
    private readonly bool _hasMasks;
    private readonly Option<string?> _data;

    private readonly Option<ImageSize?> _crop = new("--crop")
    {
        Description = "Cut HxW pixels from the middle of every image", HelpName = "HxW", CustomParser = ParseSize,
    };

    private readonly Option<ImageSize?> _size = new("--size")
    {
        Description = "Scale every image to HxW pixels", HelpName = "HxW", CustomParser = ParseSize,
    };

    private readonly Option<int> _maximumPixels = new("--max-pixels")
    {
        Description = "Largest image that is read, height times width", HelpName = "N", DefaultValueFactory = _ => new ReadingOptions().MaximumPixels,
    };

    private readonly Option<string?> _readers = new("--readers")
    {
        Description = "Who drew the masks, where the data does not name them: by-number takes the number in a mask's file name for its reader",
    };

    private readonly Option<ForegroundValues?> _foreground = new("--foreground")
    {
        Description = "Which values of mask files are foreground, where they leave a doubt: nonzero, at-least-half, or values such as 1,2 or #FF0000",
        HelpName = "VALUES",
        CustomParser = ParseForeground,
    };

    private readonly Option<string?> _ignored = new("--ignore-values")
    {
        Description = "Values of mask files at which the reader says nothing, such as 255 or #C0C0C0: such pixels do not count", HelpName = "VALUES",
    };

    private readonly Option<string?> _classes = new("--classes")
    {
        Description = "Classes of masks: names with their values in label maps, such as core=1,rim=2+3 or core=#FF0000, or names alone where each has a file "
            + "ID_r1_NAME.png, an axis of an HDF5 file, a category of outlines or a label of nnU-Net's",
        HelpName = "CLASSES",
    };

    private readonly Option<bool> _overlap = new("--overlap") { Description = "A pixel may be of several of the classes" };

    private readonly Option<ImageOrientation?> _orientation = new("--orientation")
    {
        Description = "What is done with photographs that are stored mirrored, sideways or upside down: upright turns them, stored takes them as they are",
        HelpName = "upright|stored",
        CustomParser = ParseOrientation,
    };

    private readonly Option<string?> _hdf5Images = new("--hdf5-images")
    {
        Description = "Dataset of images in an HDF5 file, such as ct/slices", HelpName = "NAME",
    };

    private readonly Option<string?> _hdf5Masks = new("--hdf5-masks")
    {
        Description = "Dataset of masks in an HDF5 file; \"\" where all images are unlabeled", HelpName = "NAME",
    };

    private readonly Option<string?> _category = new("--category")
    {
        Description = "The category of outlines, or label of nnU-Net's files, that is foreground, where there are several", HelpName = "NAME",
    };

    private readonly Option<string?> _channelFiles = new("--channel-files")
    {
        Description = "Whether images/ID_0000.png, ID_0001.png and so on are channels of one image, where index and masks do not tell",
    };

    private readonly Option<int?> _sliceAxis = new("--slice-axis")
    {
        Description = "The axis of NIfTI volumes across which they are cut into slices: 0, 1, or 2, the last, by default", HelpName = "AXIS",
    };

    private readonly Option<int?> _slices = new("--slices")
    {
        Description = "Slices of a volume that an image shows as channels, an odd number: each with its neighbors, by the columns volume and slice",
        HelpName = "COUNT",
    };

    /// <summary>Makes the arguments.</summary>
    /// <param name="isRequired">Whether a data set must be named.</param>
    /// <param name="hasSize">Whether the arguments say how images become one size.</param>
    /// <param name="hasReaders">Whether the arguments say who drew the masks.</param>
    /// <param name="hasMasks">Whether masks are read, and the arguments say how.</param>
    public DataArguments(bool isRequired = true, bool hasSize = true, bool hasReaders = true, bool hasMasks = true)
    {
        _hasSize = hasSize;
        _hasReaders = hasReaders;
        _hasMasks = hasMasks;
        _data = new Option<string?>("--data")
        {
            Description = "Data set: a folder of any known layout, an HDF5 file, a NIfTI volume, or a JSON file of outlines",
            HelpName = "DIR",
            Required = isRequired,
        };
    }

    /// <summary>Adds the arguments to a command.</summary>
    public void AddTo(Command command)
    {
        _data.RequirePath();
        command.Options.Add(_data);
        command.Options.Add(_maximumPixels);
        if (_hasReaders)
        {
            _readers.AcceptOnlyFromAmong(ByNumber);
            command.Options.Add(_readers);
        }

        if (_hasMasks)
        {
            foreach (var option in (Option[])[_foreground, _ignored, _classes, _overlap, _category, _hdf5Masks])
            {
                command.Options.Add(option);
            }

            command.Validators.Add(result =>
            {
                if (result.GetValue(_overlap) && result.GetResult(_classes) is null)
                {
                    result.AddError("--overlap is of --classes alone: name them, or leave it out.");
                }
            });
        }

        command.Options.Add(_orientation);
        command.Options.Add(_hdf5Images);
        _channelFiles.AcceptOnlyFromAmong(Yes, No);
        command.Options.Add(_channelFiles);
        command.Options.Add(_sliceAxis);
        command.Options.Add(_slices);
        if (!_hasSize)
        {
            return;
        }

        command.Options.Add(_crop);
        command.Options.Add(_size);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_crop) is not null && result.GetResult(_size) is not null)
            {
                result.AddError("--crop and --size exclude each other: give one of them.");
            }
        });
    }

    /// <summary>The path of the data set.</summary>
    public string Path(ParseResult result) => result.GetValue(_data)!;

    /// <summary>Whether a data set was named.</summary>
    public bool IsGiven(ParseResult result) => result.GetValue(_data) is not null;

    /// <summary>How images become one size.</summary>
    public Preprocessing Preprocessing(ParseResult result) => new() { Crop = result.GetValue(_crop), Resize = result.GetValue(_size) };

    /// <summary>Opens the data set.</summary>
    /// <param name="result">The arguments.</param>
    /// <param name="hasWindows">Whether images are seen through windows, so that they may differ in size.</param>
    public ImageSource Open(ParseResult result, bool hasWindows = false)
    {
        var preprocessing = Preprocessing(result);
        return Stacked(result, ImageSources.Open(
            Path(result), preprocessing with { AnySize = hasWindows && preprocessing is { Crop: null, Resize: null } }, Reading(result)));
    }

    /// <summary>A data set with neighboring slices as channels, where that is asked for.</summary>
    /// <exception cref="UsageException">The number of slices is even or less than 3.</exception>
    public ImageSource Stacked(ParseResult result, ImageSource source)
    {
        try
        {
            return result.GetValue(_slices) is { } count ? new StackedSlices(source, count) : source;
        }
        catch (ArgumentException exception)
        {
            throw new UsageException($"--slices: {ErrorText.Of(exception)}", exception);
        }
    }

    /// <summary>How files are read.</summary>
    public ReadingOptions Reading(ParseResult result)
    {
        var images = new ReadingOptions
        {
            MaximumPixels = result.GetValue(_maximumPixels),
            Orientation = result.GetValue(_orientation) ?? ImageOrientation.ByMasks,
            Hdf5Images = result.GetValue(_hdf5Images),
            SliceAxis = result.GetValue(_sliceAxis),
            ChannelFiles = result.GetValue(_channelFiles) switch { Yes => true, No => false, _ => null },
        };
        return !_hasMasks ? images with { WithoutMasks = true } : images with
        {
            Readers = _hasReaders && result.GetValue(_readers) == ByNumber ? ReaderIdentity.ByNumber : ReaderIdentity.Named,
            ForegroundValues = Foreground(result.GetValue(_foreground), result.GetValue(_ignored)),
            Classes = Classes(result.GetValue(_classes), result.GetValue(_overlap)),
            Category = result.GetValue(_category),
            Hdf5Masks = result.GetValue(_hdf5Masks),
        };
    }

    /// <summary>Reads a size such as 64x64.</summary>
    public static ImageSize? ParseSize(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var parts = text.Split('x');
        if (parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            && height > 0 && width > 0)
        {
            return new ImageSize(height, width);
        }

        result.AddError($"'{text}' is no size; write height and width in pixels, such as 128x128.");
        return null;
    }

    private static ForegroundValues? Foreground(ForegroundValues? foreground, string? ignored)
    {
        try
        {
            return ignored is null ? foreground : (foreground ?? ForegroundValues.Unmistakable).Ignoring(ignored);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    private ClassValues? Classes(string? classes, bool overlap)
    {
        ClassValues? values;
        try
        {
            values = classes is null ? null : ClassValues.Parse(classes, overlap);
        }
        catch (ArgumentException exception)
        {
            throw new UsageException(ErrorText.Of(exception), exception);
        }

        // What is not trained here has the names of a model.
        return !_hasSize || values?.Classes.Names.FirstOrDefault(name => !FileName.Allows(name)) is not { } unusable
            ? values
            : throw new UsageException(
                $"--classes: the class '{unusable}' has / \\ or : in its name, so that predict could name no file after it; values stand behind =, as in "
                + "core=1,rim=2.");
    }

    private static ForegroundValues? ParseForeground(ArgumentResult result)
    {
        try
        {
            return ForegroundValues.Parse(result.Tokens[0].Value);
        }
        catch (ArgumentException exception)
        {
            result.AddError(exception.Message);
            return null;
        }
    }

    private static ImageOrientation? ParseOrientation(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        switch (text)
        {
            case "upright":
                return ImageOrientation.Upright;
            case "stored":
                return ImageOrientation.Stored;
            default:
                result.AddError($"'{text}' is no orientation; write upright or stored.");
                return null;
        }
    }
}
