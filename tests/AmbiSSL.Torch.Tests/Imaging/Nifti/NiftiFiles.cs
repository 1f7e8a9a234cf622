using System.IO.Compression;

namespace AmbiSSL.Torch.Tests.Imaging;

/// <summary>Files by nibabel 5.0 of 4x3x2 voxels, as gzip in base64, which is a file of its own too.</summary>
internal static class NiftiFiles
{
    /// <summary>Bytes, whose sform is diagonal: -2, 3 and 4 mm.</summary>
    public const string Plain =
        "H4sIAAAAAAACA4thZCAKMDOwADETAyMUogImBg4w3bAfSDgAERA3gLA9Kt7gDKEHC2CC0jA3KTgyMCw4CMRAtzMcQKgDiYMAyF8gAFIDAyB/LnBANzlP2xDCYGRiTkll5+Dk4uaxsbWzd3AUERUTl5AEALBy2mh4AQAA";

    /// <summary>The same values of 16 bits, with a slope of 0.5 and an intercept of -1000.</summary>
    public const string Scaled =
        "H4sIAAAAAAACA4thZCAKMDOwADETAyMUogIWBgEw3bAfSDgAERA3gLA9Kt7gDJQH0lVHGAYFYILSILeBgIIjA8OCg0AMdDvDAYQ6kDgIgPwFAiA1MADy5wIHdJPztA2hLEagLcwMKQypDOwMHAycDFwM3Aw8DDYMtgx2wKBwYHBkEGEQZRBjEGeQYJBkAAAuC486kAEAAA==";

    /// <summary>The same values of 16 bits, big-endian, with a turned qform alone of 0.7, 0.9 and 2.5 mm.</summary>
    public const string Turned =
        "H4sIAAAAAAACA2NgYIxhIAYwM7AAMRMDIxSiAhYGAQaG/Q0MDPbGxsb2aWlpDgpAdgMqdt4AoaGAiWGgAdAX+7h+hO59m7TcvnLCtoMfGBicgO528gD6Rc2ydF/Qkjf2tkocIHG7gPev9kcwx9t9+pAAUrNPvXHdvsLF6gdEz00BqUcHedqGCFuYgCGXwpDKwM7AwcDJwMXAzcDDYMNgy2DHYM/gwODIIMIgyiDGIM4gwSAJAGWZiCqQAQAA";

    /// <summary>The same as bytes, with a spacing of 0.002, 0.003 and 0.004 meters.</summary>
    public const string Meters =
        "H4sIAAAAAAACA4thZCAKMDOwADETAyMUogImBg4w3WCfL8RsvWy2i3W+ULM1iI+KNzhDaDAg0mZaAiacMiB/oIuB/IWprtkam/48bUOoL5mYU1LZOTi5uHlsbO3sHRxFRMXEJSQBNoyezHgBAAA=";

    /// <summary>The same as bytes, with a spacing of 1.5, 2.5 and 3.5 and no word of its orientation.</summary>
    public const string Unoriented =
        "H4sIAAAAAAACA4thZCAKMDOwADETAyMUogImBg4w3WDPwHAAiBUcGBgSHCB8ZLzBGUIPf5CnbQhhMDIxp6Syc3BycfPY2NrZOziKiIqJS0gCAAStL9V4AQAA";

    /// <summary>The bytes of a file.</summary>
    public static byte[] Unpack(string packed) => Unpack(Convert.FromBase64String(packed));

    /// <summary>What is compressed in a file.</summary>
    public static byte[] Unpack(byte[] packed)
    {
        using var stream = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
