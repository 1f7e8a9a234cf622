using System.Text.Json;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests;

public sealed class OracleFolderTests
{
    [Test]
    public void Tensor_is_read_with_its_shape_and_values()
    {
        OracleTensor tensor = OracleFolder.ReadTensor(Parse("""{"shape":[2,1,2],"data":[1,-0.5,1e-9,true]}"""));

        Assert.That(tensor.Shape, Is.EqualTo(new long[] { 2, 1, 2 }));
        Assert.That(tensor.Data, Is.EqualTo(new[] { 1, -0.5, 1e-9, 1 }));
    }

    [Test]
    public void Scalar_tensor_has_one_value() =>
        Assert.That(OracleFolder.ReadTensor(Parse("""{"shape":[],"data":[3]}""")).Data, Is.EqualTo(new[] { 3.0 }));

    [Test]
    public void Tensor_whose_data_do_not_fill_its_shape_is_refused() =>
        Assert.That(
            () => OracleFolder.ReadTensor(Parse("""{"shape":[2,2],"data":[1,2,3]}""")),
            Throws.TypeOf<InvalidDataException>().With.Message.EqualTo("A tensor of shape [2, 2] needs 4 values; it has 3."));

    [Test]
    public void Optional_number_is_null_where_absent_or_null()
    {
        JsonElement entry = Parse("""{"present":2.5,"nothing":null}""");

        Assert.That(OracleFolder.ReadOptional(entry, "present"), Is.EqualTo(2.5));
        Assert.That(OracleFolder.ReadOptional(entry, "nothing"), Is.Null);
        Assert.That(OracleFolder.ReadOptional(entry, "absent"), Is.Null);
    }

    [Test]
    public void Missing_file_is_named_with_its_folder() =>
        Assert.That(
            () => OracleFolder.Read("absent.json"), Throws.TypeOf<FileNotFoundException>().With.Message.Contains(OracleFolder.Location));

    private static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
