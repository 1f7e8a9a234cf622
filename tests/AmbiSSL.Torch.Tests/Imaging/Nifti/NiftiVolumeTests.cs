using System.Buffers.Binary;
using AmbiSSL.Torch.Imaging;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Imaging;

[TestFixture]
internal sealed class NiftiVolumeTests : FolderFixture
{
    // Values of nibabel at [1, 2, 0] and [3, 1, 1].
    [TestCase("uint8 <", 10.0, 21.0, "H4sIAAAAAAACA4thZCAKMDOwADETAyMUogImBg4w3bAfSDgAERA3gLA9Kt7gDKEHC2CC0jA3KTgyMCw4CMRAtzMcQKgDiYMAyF8gAFIDAyB/LnBANzlP2xDCYGRiTkll5+Dk4uaxsbWzd3AUERUTl5AEALBy2mh4AQAA")]
    [TestCase("uint8 >", 10.0, 21.0, "H4sIAAAAAAACA2NgYIxhIAYwM7AAMRMDIxSiAiYGDgaG/Q0MDA5AjgOQcACy7dGw8wYIPYgAE4iAuclRgYHh4AKg24H4AJIikDgD1F8gAFIDAyB/OizANDhP2xDCYGRiTkll5+Dk4uaxsbWzd3AUERUTl5AEALV7PZx4AQAA")]
    [TestCase("int8 <", -40.0, -29.0, "H4sIAAAAAAACA4thZCAKMDOwADETAyMUogFGDjDVsB9IOAAREDeAsD0q3uAMoQcLYILSMDcpODIwLDgIxEC3MxxAqAOJgwDIXyAAUgMDIH8ucEA3OU/bEEyfO3/hopHx1WvXb9y8xcXNw8vH/+jxk6fPngMA4gqN1XgBAAA=")]
    [TestCase("int8 >", -40.0, -29.0, "H4sIAAAAAAACA2NgYIxhIAYwM7AAMRMDIxSiACCXg4FhfwMDgwOQ5wAkHIBsezTsvAFCDyLABCJgbnJUYGA4uADodiA+gKQIJM4A9RcIgNTAAMifDgswDc7TNgTT585fuGhkfPXa9Rs3b3Fx8/Dy8T96/OTps+cA4ez8RHgBAAA=")]
    [TestCase("int16 <", -40.0, -29.0, "H4sIAAAAAAACA4thZCAKMDOwADETAyMUogIWBgEw3bAfSDgAERA3gLA9Kt7gDKEHC2CC0jA3KTgyMCw4CMRAtzMcQKgDiYMAyF8gAFIDAyB/LnBANzlP2xBMn/t//v+F/xf/GzEYM1z9f+3/9f83/t/8f+s/FwM3Aw8DLwMfAz/Do/+P/z/5//T/s//P/wMA3TAImJABAAA=")]
    [TestCase("int16 >", -40.0, -29.0, "H4sIAAAAAAACA82Ptw0CYQxG3x1XkUegpwIG4EeswQzMwCg3AhsACxAKYkkc48OGO4nQUPKsz0mWZUM04BcKJKaYKLN3EuowGUGwIpgLlnc/1B8/4x8Ru8tv6jVgltrtpunLkPfJ/nJ8Jsf/DOn34mGz9Yiaa6GlVrTpaK2NttpprwNFSpSpUKWmo04666Krbne5jJMSkAEAAA==")]
    [TestCase("uint16 <", 6000.0, 12600.0, "H4sIAAAAAAACA4thZCAKMDOwADETAyMUogEmATDVsB9IOAAREDeAsD0q3uAMoQcLYILSMDcpODIwLDgIxEC3MxxAqAOJgwDIXyAAUgMDIH8ucEA3OU/bEMqKYNrAwsGe8GrHmwyBA0ISogXiJyQVZBb0/OgLmLhiMsO0iBkP9CwMJxi/MHWwmGEFALAis36QAQAA")]
    [TestCase("uint16 >", 6000.0, 12600.0, "H4sIAAAAAAACA2NgYIxhIAYwM7AAMRMDIxSiACYGBgEGhv0NDAwOQJ4DkHAAsu3RsPMGCD2IABOIgLnJUYGB4eACoNuB+ACSIpA4A9RfIABSAwMgfzoswDQ4T9sQZkUEywZ2jlcJb3YIZAgdEJUQL5A8IaPQs6Dvx8SAySumMcyI0HtgaGE8wfSFhYPVDACZXw2hkAEAAA==")]
    [TestCase("int32 <", -2800000.0, -2030000.0, "H4sIAAAAAAACA4thZCAKMDOwADETAyMUogIOBgUw3bAfSDgAERA3gLA9Kt7gDKEHC2CC0jA3KTgyMCw4CMRAtzMcQKgDiYMAyF8gAFIDAyB/LnBANzlP2xCic8ap/xNWnv7PsPvM/4IzZ/8/SDdlCKg0YzAQuvR/gfLl/wKmV/43uF39/yH82v+EzOv/E9ZxMVzYz83gcJGHYcMjXgaFL3wME1gFGB58uf8/gO3h/wPij/4baD7+v8DqyX8Bn6f/AREA48fAAQAA")]
    [TestCase("int32 >", -2800000.0, -2030000.0, "H4sIAAAAAAACA2NgYIxhIAYwM7AAMRMDIxSiAg4GBQaG/Q0MDA5AjgOQcACy7dGw8wYIPYgAE4iAuckR6IeDC4BuB+IDSIpA4gxQf4EASA0MgPzpsADT4DxtQzD9/9QMhf+nV074f2Y3w/+zZwoYTNMfMJhVBvy/JGTw/7Lygv9XTAX+X3Vr+H8t/MP/65kJDFzrEhi4919g4LnowMD7aAMD3xcFBgHWCf/vf3nw/yFbwP9H4gf+P9Y0+P/EasH/pz4CADzutF7AAQAA")]
    [TestCase("uint32 <", 700000.0, 1470000.0, "H4sIAAAAAAACA4thZCAKMDOwADETAyMUoksrgKmG/UDCAYiAuAGE7VHxBmcIPVgAE5SGuUnBkYFhwUEgBrqd4QBCHUgcBED+AgGQGhgA+XOBA7rJedqGcHaBICPDAyUmhgATZoYD57MYDB5mMwhUsTM0dHMwfJjDyZCwjovhwn5uBoeLPAwOYg4MG9QdGRQsnRgmeAGDK8aFoSDXleFAjCiDQZ4Yw4J6cQaBiRIMDYskGT5slmIAAIqOHL/AAQAA")]
    [TestCase("uint32 >", 700000.0, 1470000.0, "H4sIAAAAAAACA2NgYIxhIAYwM7AAMRMDIxSiSTIoMDDsb2BgcADyHICEA5Btj4adN0DoQQSYQATMTY5APxxcAHQ7EB9AUgQSZ4D6CwRAamAA5E+HBZgG52kbIjiMggUMTEoPGJhNAhiyzh9gyH5owMBeJcDA0d3AwDnnAwPXugQG7v0XGHguOjA4iDkwOKpvYHCyVGBw9prA4AKMHtfcAgbRmAMMYnkGDOL1CxgkJgowSC5qYJDa/AEAVegtM8ABAAA=")]
    [TestCase("float32 <", -39.75, -28.75, "H4sIAAAAAAACA4thZCAKMDOwADETAyMUogIBBgUw3bAfSDgAERA3gLA9Kt7gDKEHC2CC0jA3KTgyMCw4CMRAtzMcQKgDiYMAyF8gAFIDAyB/LnBANzlP2xDKcj/EwOAMxPZAbA3Enk4MDL5ArA1kqwOxMhDLA7E0EIsDsQrQLhMgdgHiECBOAeISIH4HtPMZEN8D4mtAfA6Ijx0EAAoAFLbAAQAA")]
    [TestCase("float32 >", -39.75, -28.75, "H4sIAAAAAAACA2NgYIxhIAYwM7AAMRMDIxSiAgEGBQaG/Q0MDA5AjgOQcACy7dGw8wYIPYgAE4iAuckR6IeDC4BuB+IDSIpA4gxQf4EASA0MgPzpsADT4DxtQzB9yB2InYHYHoitGRicPIHYF8jWBmJ1IFYGYnkglgZicaBdKkBsAsQuQBwCxClAXAK08x0QPwPie0B8DYjPAfExBgYAeRSUP8ABAAA=")]
    [TestCase("float64 <", -39.75, -28.75, "H4sIAAAAAAACA4thZCAKMDOwADETAyMUogIHIASBhv1gDoMDEDeAsD0q3uAMoQcLYILSMDcpODIwLDgIxCDvHECoA4mD/QnxJlgNDID8ucAB3eQ8bUME54EHxKwEKP3AHcqH0gqeEP0LoHSCK1SdC1QdlH7gDOVD6QdOELpBBRr8alBaA0prQWkdKK0HoQ/YQvQdsIHS1lDaCkpbQmmLAwBYqVVpIAIAAA==")]
    [TestCase("float64 >", -39.75, -28.75, "H4sIAAAAAAACA2NgYIxhIAYwM7AAMRMDIxSiAgcgZNjfAGIAMZBwALLt0bDzBgg9iAATiIC5yVGBgeHgAqDbgfgAkiKQOAPUXyAAUgP3eANEPTrI0zYE0wc8HkDpBAjtDuW7Q/gOngpQGmLIAVeoOheoOhco3xnKd4bynSB8BxWI4x3UoLQGlNaC0jpQWg9CH7CF+OyADZS2htJWUNoSSltAaAAnAn/aIAIAAA==")]
    public void Every_type_is_read_in_either_byte_order(string type, double first, double second, string packed)
    {
        var volume = NiftiVolume.Read(Save(NiftiFiles.Unpack(packed)));

        Assert.That((volume[1 + (4 * 2)], volume[3 + (4 * (1 + 3))]), Is.EqualTo((first, second)), type);
    }

    [Test]
    public void Stored_values_are_scaled_whether_the_file_is_compressed_or_not()
    {
        double[] values = [-1000, -999.5, -999, -998.5, -950, -949.5, -996.5, -996, -995.5, -995, -994.5, -994];

        foreach (var file in new[] { Convert.FromBase64String(NiftiFiles.Scaled), NiftiFiles.Unpack(NiftiFiles.Scaled) })
        {
            var volume = NiftiVolume.Read(Save(file));
            Assert.That(Enumerable.Range(0, 12).Select(place => volume[place]), Is.EqualTo(values));
        }
    }

    [Test]
    public void A_slope_of_0_leaves_values_as_they_are()
    {
        var file = NiftiFiles.Unpack(NiftiFiles.Scaled);
        BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(112), 0);

        Assert.That(NiftiVolume.Read(Save(file))[1], Is.EqualTo(1));
    }

    // Affine and axes of nibabel.
    [Test]
    public void An_affine_is_that_of_the_sform_or_else_of_the_qform()
    {
        double[] turned =
        [
            -0.6493141732038681, -0.20570747071702986, 0.7388006078302164, -30, 0.20404037418091447, -0.8438013292950768, 0.4744900420010401, 40,
            -0.16358060243008385, -0.23597396096968, -2.340733402570988, 50,
        ];

        Assert.Multiple(() =>
        {
            Assert.That(Header(NiftiFiles.Plain).Affine, Is.EqualTo((double[])[-2, 0, 0, 10, 0, 3, 0, -20, 0, 0, 4, 5]));
            Assert.That(Header(NiftiFiles.Plain).Orientation, Is.EqualTo("LAS"));
            Assert.That(Header(NiftiFiles.Turned).Affine, Is.EqualTo(turned).Within(1e-6));
            Assert.That(Header(NiftiFiles.Turned).Orientation, Is.EqualTo("LPI"));
            Assert.That(Header(NiftiFiles.Unoriented).Orientation, Is.EqualTo("???"));
        });
    }

    [Test]
    public void Distances_are_in_millimeters() => Assert.Multiple(() =>
    {
        Assert.That(Header(NiftiFiles.Meters).Distance(2), Is.EqualTo(4).Within(1e-6));
        Assert.That(Header(NiftiFiles.Turned).Distance(0), Is.EqualTo(0.7).Within(1e-6));
    });

    [TestCase(0, new byte[] { 28, 2, 0, 0 }, "it is a NIfTI-2 file; save it as NIfTI-1")]
    [TestCase(0, new byte[] { 93, 1, 0, 0 }, "it does not begin as a NIfTI-1 file does")]
    [TestCase(344, new byte[] { 110, 105 }, "it is the header of a pair .hdr and .img; save it as one file .nii")]
    [TestCase(344, new byte[] { 0 }, "it has no mark of a NIfTI-1 file")]
    [TestCase(40, new byte[] { 1 }, "it says that it has 1 dimensions; 2 or 3 are read")]
    [TestCase(40, new byte[] { 8 }, "it says that it has 8 dimensions; 2 or 3 are read")]
    [TestCase(40, new byte[] { 4, 0, 4, 0, 3, 0, 2, 0, 9, 0 }, "its size is [4, 3, 2, 9], and one volume is read; write each to a file of its own")]
    [TestCase(42, new byte[] { 0, 0 }, "it says that its size is [0, 3, 2]")]
    [TestCase(42, new byte[] { 255, 255 }, "it says that its size is [-1, 3, 2]")]
    [TestCase(70, new byte[] { 128, 0, 24, 0 }, "its values are of the type 128; save it with integers of 8, 16 or 32 bits")]
    [TestCase(72, new byte[] { 16, 0 }, "it says that a value of the type UInt8 has 16 bits")]
    [TestCase(108, new byte[] { 0, 0, 0, 0 }, "it says that its values begin at 0, and they cannot before 352")]
    [TestCase(42, new byte[] { 255, 127, 255, 127, 255, 127 }, "its size 32767x32767x32767 takes 35181150962015 bytes, and it has 376; it seems to be cut off")]
    [TestCase(280, new byte[] { 0, 0, 192, 127 }, "its affine holds a value that is not finite")]
    public void A_file_that_is_not_read_is_refused_by_name(int place, byte[] bytes, string message)
    {
        var file = NiftiFiles.Unpack(NiftiFiles.Plain);
        bytes.CopyTo(file, place);
        var path = Save(file);

        Assert.That(
            () => NiftiVolume.ReadHeader(path),
            Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"Volume '{path}' cannot be read: {message}"));
    }

    [Test]
    public void A_fourth_dimension_of_1_is_none()
    {
        var file = NiftiFiles.Unpack(NiftiFiles.Plain);
        ((byte[])[5, 0, 4, 0, 3, 0, 2, 0, 1, 0, 1, 0]).CopyTo(file, 40);

        Assert.That(NiftiVolume.Read(Save(file)).Header.Size, Is.EqualTo((int[])[4, 3, 2]));
    }

    [Test]
    public void A_file_that_is_cut_off_or_damaged_is_named()
    {
        var (plain, packed) = (NiftiFiles.Unpack(NiftiFiles.Plain), Convert.FromBase64String(NiftiFiles.Plain));
        var checksum = packed.ToArray();
        checksum[^8] ^= 1;

        void Refuse(byte[] file, string message)
        {
            var path = Save(file);
            Assert.That(
                () => NiftiVolume.Read(path),
                Throws.TypeOf<InvalidDataException>().With.Message.StartsWith($"Volume '{path}' cannot be read: {message}"));
        }

        Assert.Multiple(() =>
        {
            Refuse(plain[..^1], "its size 4x3x2 takes 376 bytes, and it has 375; it seems to be cut off");
            Refuse(plain[..200], "it ends too early");
            Refuse([], "it ends too early");
            Refuse(packed[..^12], "");
            Refuse(checksum, "its compressed content is damaged");
            Refuse([0x1F, 0x8B, 1, 2, 3], "its compressed content is damaged");
        });
    }

    private NiftiHeader Header(string packed) => NiftiVolume.ReadHeader(Save(NiftiFiles.Unpack(packed)));

    private string Save(byte[] file)
    {
        var path = Folder.Combine(Guid.NewGuid().ToString("N") + ".nii");
        File.WriteAllBytes(path, file);
        return path;
    }
}
