namespace AmbiSSL.Torch.Metrics;

/// <summary>The optimal one-to-one assignment of the rows to the columns of a rectangular table.</summary>
/// <remarks>
/// Shortest augmenting paths with potentials (Jonker and Volgenant 1987, Crouse 2016): O(s²·l) for short side s and long side l.
/// </remarks>
internal static class Assignment
{
    /// <summary>Assigns so that the sum of the chosen entries is largest.</summary>
    /// <param name="gains">R·C finite values in [R, C] order.</param>
    /// <param name="rows">Number of rows R, at least 0.</param>
    /// <param name="columns">Number of columns C, at least 0.</param>
    /// <returns>The column of each row, each column at most once; -1 for the R - C rows left over when R exceeds C.</returns>
    /// <exception cref="ArgumentException">The number of values is not R·C, or one is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A side is negative.</exception>
    public static int[] Maximize(ReadOnlySpan<double> gains, int rows, int columns)
    {
        Validate(gains, rows, columns, nameof(gains));
        return rows <= columns
            ? Invert(RowOfColumn(Costs(gains, rows, columns, transposed: false), rows, columns), rows)
            : RowOfColumn(Costs(gains, rows, columns, transposed: true), columns, rows);
    }

    private static void Validate(ReadOnlySpan<double> values, int rows, int columns, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (values.Length != (long)rows * columns)
        {
            throw new ArgumentException(
                $"There are {values.Length} values; {rows} rows of {columns} columns need {(long)rows * columns}. "
                + "Give R·C values, row by row.",
                name);
        }

        foreach (double value in values)
        {
            if (!double.IsFinite(value))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"A value is {value}; every value must be finite. Replace forbidden pairs by a small finite gain."), name);
            }
        }
    }

    private static double[] Costs(ReadOnlySpan<double> gains, int rows, int columns, bool transposed)
    {
        var costs = new double[gains.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                int target = transposed ? (column * rows) + row : (row * columns) + column;
                costs[target] = -gains[(row * columns) + column];
            }
        }

        return costs;
    }

    private static int[] Invert(int[] rowOfColumn, int rows)
    {
        var columnOfRow = new int[rows];
        for (int column = 0; column < rowOfColumn.Length; column++)
        {
            if (rowOfColumn[column] >= 0)
            {
                columnOfRow[rowOfColumn[column]] = column;
            }
        }

        return columnOfRow;
    }

    private static int[] RowOfColumn(double[] costs, int rows, int columns)
    {
        var rowPotential = new double[rows];
        var columnPotential = new double[columns];
        var rowOfColumn = new int[columns];
        var previousColumn = new int[columns];
        var pathCost = new double[columns];
        var reached = new bool[columns];
        Array.Fill(rowOfColumn, -1);
        for (int source = 0; source < rows; source++)
        {
            int sink = FindShortestPath(source);
            Augment(source, sink);
        }

        return rowOfColumn;

        int FindShortestPath(int source)
        {
            Array.Fill(pathCost, double.PositiveInfinity);
            Array.Clear(reached);
            int row = source;
            int column = -1;
            double distance = 0;
            do
            {
                int from = column;
                int nearest = -1;
                for (int candidate = 0; candidate < columns; candidate++)
                {
                    if (reached[candidate])
                    {
                        continue;
                    }

                    double cost = distance + costs[(row * columns) + candidate] - rowPotential[row] - columnPotential[candidate];
                    if (cost < pathCost[candidate])
                    {
                        pathCost[candidate] = cost;
                        previousColumn[candidate] = from;
                    }

                    if (nearest < 0 || pathCost[candidate] < pathCost[nearest])
                    {
                        nearest = candidate;
                    }
                }

                column = nearest;
                distance = pathCost[column];
                reached[column] = true;
                row = rowOfColumn[column];
            }
            while (row >= 0);

            UpdatePotentials(source, distance);
            return column;
        }

        void UpdatePotentials(int source, double distance)
        {
            rowPotential[source] += distance;
            for (int column = 0; column < columns; column++)
            {
                if (reached[column])
                {
                    double slack = distance - pathCost[column];
                    columnPotential[column] -= slack;
                    if (rowOfColumn[column] >= 0)
                    {
                        rowPotential[rowOfColumn[column]] += slack;
                    }
                }
            }
        }

        void Augment(int source, int sink)
        {
            int column = sink;
            while (previousColumn[column] >= 0)
            {
                rowOfColumn[column] = rowOfColumn[previousColumn[column]];
                column = previousColumn[column];
            }

            rowOfColumn[column] = source;
        }
    }
}
