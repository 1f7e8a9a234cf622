using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Interop;

/// <summary>
/// A data view of a transformer that ML.NET's converter to ONNX is told about. It would otherwise take the view for the pipeline's input and
/// write a file that asks for masks in place of computing them.
/// </summary>
/// <param name="context">Marks the errors.</param>
/// <param name="source">The input.</param>
internal abstract class TransformView(IExceptionContext context, IDataView source) : IDataTransform, ITransformCanSaveOnnx
{
    public IDataView Source { get; } = source;

    public bool CanShuffle => Source.CanShuffle;

    public abstract DataViewSchema Schema { get; }

    public long? GetRowCount() => Source.GetRowCount();

    public abstract DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null);

    public abstract DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null);

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => throw NotConverted();

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => throw NotConverted();

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw context.Process(new NotSupportedException(
        "A data view of masks is not saved; save the transformer that made it with mlContext.Model.Save."));

    private NotSupportedException NotConverted() => context.Process(new NotSupportedException(
        "ConvertToOnnx cannot convert a segmentation model that samples masks, nor what loads masks from files, so no ONNX file can be made of this "
        + "pipeline; write one of the model alone with ExportOnnx of its transformer, or save the pipeline with mlContext.Model.Save and run it with ML.NET."));
}
