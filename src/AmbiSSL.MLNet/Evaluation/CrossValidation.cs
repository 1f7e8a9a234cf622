using AmbiSSL.MLNet.Data;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace AmbiSSL.MLNet.Evaluation;

/// <summary>One division of the subjects of a data set into folds.</summary>
/// <param name="data">Rows of all subjects.</param>
/// <param name="subjectColumn">The column that names subjects.</param>
/// <param name="folds">The fold of each subject.</param>
internal sealed class CrossValidation(IDataView data, DataViewSchema.Column subjectColumn, IReadOnlyDictionary<string, int> folds)
{
    /// <summary>The folds to hold out, in ascending order: the one that is asked for, or each.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such fold.</exception>
    public int[] Held(int? fold)
    {
        int[] all = [.. folds.Values.Distinct().Order()];
        return fold is not { } only ? all
            : all.Contains(only) ? [only]
            : throw new ArgumentOutOfRangeException(
                nameof(fold), only, $"Fold {only} is asked for; the data has the folds {string.Join(", ", all)}.");
    }

    /// <summary>Divides by the column of folds where one is named or there, otherwise by subject and seed.</summary>
    public static CrossValidation Of(
        IExceptionContext context, IDataView data, int numberOfFolds, string subjectColumnName, string? foldColumnName, int seed)
    {
        var column = SubjectColumn.Find(context, data.Schema, subjectColumnName);
        foldColumnName ??= data.Schema.GetColumnOrNull(ImageSourceView.FoldColumn)?.Name;
        var folds = foldColumnName is null
            ? SubjectSplit.Folds(SubjectColumn.Read(context, data, subjectColumnName), numberOfFolds, seed)
            : FoldColumn.Read(context, data, foldColumnName, subjectColumnName);
        return new CrossValidation(data, column, folds);
    }

    /// <summary>Who is trained on where a fold is held out.</summary>
    public IReadOnlySet<string> TrainingSubjects(int fold) => Subjects(subject => subject.Value != fold);

    /// <summary>The rows of the subjects outside a fold.</summary>
    public IDataView TrainSet(int fold) => new SubjectFilterView(data, subjectColumn, TrainingSubjects(fold));

    /// <summary>The rows of the subjects in a fold.</summary>
    public IDataView TestSet(int fold) => new SubjectFilterView(data, subjectColumn, Subjects(subject => subject.Value == fold));

    private HashSet<string> Subjects(Func<KeyValuePair<string, int>, bool> isWanted) =>
        folds.Where(isWanted).Select(subject => subject.Key).ToHashSet(StringComparer.Ordinal);
}
