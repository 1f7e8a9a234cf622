using AmbiSSL.Torch.Metrics;
using CsCheck;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Metrics;

public sealed class AssignmentTests
{
    private static readonly Gen<(double[] Values, int Rows, int Columns)> Tables =
        from rows in Gen.Int[1, 6]
        from columns in Gen.Int[1, 6]
        from tied in Gen.Bool
        from values in (tied ? Gen.Int[-2, 2].Select(value => (double)value) : Gen.Double[-10, 10]).Array[rows * columns]
        select (values, rows, columns);

    [Test]
    public void Largest_sum_equals_that_of_a_full_search() =>
        Tables.Sample(table =>
        {
            int[] chosen = Assignment.Maximize(table.Values, table.Rows, table.Columns);
            return Math.Abs(Sum(table.Values, table.Columns, chosen) - BestSum(table.Values, table.Rows, table.Columns)) < 1e-9;
        });

    [Test]
    public void Columns_are_used_once_and_as_many_rows_as_possible_are_assigned() =>
        Tables.Sample(table =>
        {
            int[] chosen = Assignment.Maximize(table.Values, table.Rows, table.Columns);
            int[] assigned = [.. chosen.Where(column => column >= 0)];
            return chosen.Length == table.Rows
                && assigned.Length == Math.Min(table.Rows, table.Columns)
                && assigned.Distinct().Count() == assigned.Length
                && chosen.All(column => column >= -1 && column < table.Columns);
        });

    [Test]
    public void Greedy_choice_is_not_taken_where_it_gains_less() =>
        Assert.That(Assignment.Maximize([100, 99, 99, 1], 2, 2), Is.EqualTo(new[] { 1, 0 }));

    [Test]
    public void Empty_table_has_no_assignment() => Assert.That(Assignment.Maximize([], 0, 3), Is.Empty);

    [Test]
    public void Rows_of_a_table_without_columns_are_left_over() =>
        Assert.That(Assignment.Maximize([], 2, 0), Is.EqualTo(new[] { -1, -1 }));

    [Test]
    public void Wrong_number_of_values_is_refused() =>
        Assert.That(
            () => Assignment.Maximize([1, 2, 3], 2, 2),
            Throws.ArgumentException.With.Message.EqualTo(
                "There are 3 values; 2 rows of 2 columns need 4. Give R·C values, row by row. (Parameter 'gains')"));

    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void Value_that_is_not_finite_is_refused(double value) =>
        Assert.That(() => Assignment.Maximize([value], 1, 1), Throws.ArgumentException.With.Message.Contains("every value must be finite"));

    private static double Sum(double[] values, int columns, int[] chosen) =>
        chosen.Select((column, row) => column < 0 ? 0 : values[(row * columns) + column]).Sum();

    private static double BestSum(double[] values, int rows, int columns)
    {
        return Best(0, 0, rows - Math.Min(rows, columns));

        double Best(int row, int usedColumns, int rowsToSkip)
        {
            if (row == rows)
            {
                return 0;
            }

            double best = rowsToSkip > 0 ? Best(row + 1, usedColumns, rowsToSkip - 1) : double.NegativeInfinity;
            for (int column = 0; column < columns; column++)
            {
                if ((usedColumns & (1 << column)) == 0)
                {
                    best = Math.Max(best, values[(row * columns) + column] + Best(row + 1, usedColumns | (1 << column), rowsToSkip));
                }
            }

            return best;
        }
    }
}
