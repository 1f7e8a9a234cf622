using AmbiSSL.Torch.Synthetic;
using NUnit.Framework;

namespace AmbiSSL.Torch.Tests.Synthetic;

[TestFixture]
internal sealed class SyntheticLesionsTests
{
    [Test]
    public void Options_have_the_documented_defaults()
    {
        var options = new SyntheticLesionOptions();

        Assert.Multiple(() =>
        {
            Assert.That(options.Images, Is.EqualTo(100));
            Assert.That(options.Height, Is.EqualTo(128));
            Assert.That(options.Width, Is.EqualTo(128));
            Assert.That(options.Annotators, Is.EqualTo(4));
            Assert.That(options.ImagesPerSubject, Is.EqualTo(4));
            Assert.That(options.StyleSpread, Is.EqualTo(1));
            Assert.That(options.Seed, Is.Zero);
        });
    }

    [Test]
    public void Option_out_of_range_is_refused()
    {
        Assert.Multiple(() =>
        {
            RequireMessage(new SyntheticLesionOptions { Images = 0 }, "Images is 0; it must be at least 1.");
            RequireMessage(new SyntheticLesionOptions { Height = 15 }, "Height is 15; it must be 16 to 4096.");
            RequireMessage(new SyntheticLesionOptions { Width = 4097 }, "Width is 4097; it must be 16 to 4096.");
            RequireMessage(new SyntheticLesionOptions { Annotators = 0 }, "Annotators is 0; it must be 1 to 64.");
            RequireMessage(new SyntheticLesionOptions { ImagesPerSubject = 0 }, "ImagesPerSubject is 0; it must be at least 1.");
            RequireMessage(new SyntheticLesionOptions { Radius = 0.3 }, "Radius is 0.3; it must be 0.03 to 0.2.");
            RequireMessage(new SyntheticLesionOptions { StyleSpread = -1 }, "StyleSpread is -1; it must be 0 to 5.");
        });

        static void RequireMessage(SyntheticLesionOptions options, string message) =>
            Assert.That(() => new SyntheticLesions(options), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.StartsWith(message));
    }

    [Test]
    public void Records_group_images_by_subject()
    {
        var lesions = new SyntheticLesions(new SyntheticLesionOptions { Images = 10, Annotators = 3, ImagesPerSubject = 4 });

        Assert.Multiple(() =>
        {
            Assert.That(lesions.Count, Is.EqualTo(10));
            Assert.That(lesions.Shape, Is.EqualTo(new ImageShape(1, 128, 128)));
            Assert.That(lesions.Records.Select(record => record.Id), Is.Unique);
            Assert.That(lesions.Records.GroupBy(record => record.Subject).Select(group => group.Count()), Is.EqualTo(new[] { 4, 4, 2 }));
            Assert.That(lesions.Records[9].Annotators, Is.EqualTo(new[] { 1, 2, 3 }));
        });
    }

    [Test]
    public void Image_depends_on_seed_and_index_alone()
    {
        var first = new SyntheticLesions(new SyntheticLesionOptions { Images = 8, Seed = 5 });
        var second = new SyntheticLesions(new SyntheticLesionOptions { Images = 50, Seed = 5 });
        second.Read(49);

        Assert.Multiple(() =>
        {
            Assert.That(second.Read(7).Pixels.ToFloats(), Is.EqualTo(first.Read(7).Pixels.ToFloats()));
            Assert.That(second.Read(7).Annotations.Values, Is.EqualTo(first.Read(7).Annotations.Values));
            Assert.That(second.DrawAnnotations(7, 3, 1), Is.EqualTo(first.DrawAnnotations(7, 3, 1)));
            Assert.That(second.TrueProbability(7), Is.EqualTo(first.TrueProbability(7)));
        });
    }

    [Test]
    public void Other_seeds_and_indices_give_other_images()
    {
        var first = new SyntheticLesions(new SyntheticLesionOptions { Seed = 1 });
        var second = new SyntheticLesions(new SyntheticLesionOptions { Seed = 2 });

        Assert.Multiple(() =>
        {
            Assert.That(second.Read(0).Pixels.ToFloats(), Is.Not.EqualTo(first.Read(0).Pixels.ToFloats()));
            Assert.That(first.Read(1).Pixels.ToFloats(), Is.Not.EqualTo(first.Read(0).Pixels.ToFloats()));
            Assert.That(first.DrawAnnotations(0, 2, 1), Is.Not.EqualTo(first.DrawAnnotations(0, 2, 2)));
        });
    }

    // Loose enough for another processor's last bit, tight enough for every other change.
    [Test]
    public void Images_do_not_change_from_version_to_version()
    {
        var lesions = new SyntheticLesions(new SyntheticLesionOptions { Images = 2, Seed = 1 });
        var image = lesions.Read(1);
        var areas = Enumerable.Range(0, 4).Select(slot => image.Annotations.Values.Skip(slot * 128 * 128).Take(128 * 128).Sum(value => value));

        Assert.Multiple(() =>
        {
            Assert.That(image.Pixels.ToFloats().Average(), Is.EqualTo(0.2846634).Within(1e-5));
            Assert.That(areas, Is.EqualTo(new[] { 462, 550, 700, 808 }).Within(2));
        });
    }

    [Test]
    public void Pixels_are_what_an_8_bit_file_holds()
    {
        var pixels = new SyntheticLesions().Read(3).Pixels.ToFloats();

        Assert.That(pixels, Is.All.Matches<float>(value => value is >= 0 and <= 1 && MathF.Round(value * 255) / 255f == value));
    }

    [Test]
    public void First_masks_of_a_larger_number_are_those_of_a_smaller()
    {
        var lesions = new SyntheticLesions();

        Assert.That(lesions.DrawAnnotations(2, 5, 9)[..(2 * 128 * 128)], Is.EqualTo(lesions.DrawAnnotations(2, 2, 9)));
    }

    [TestCase(SyntheticClasses.CoreAndRim)]
    [TestCase(SyntheticClasses.TwoKinds)]
    [TestCase(SyntheticClasses.CoreRimAndStriped)]
    public void Classes_have_a_true_distribution_of_their_own(SyntheticClasses classes)
    {
        var lesions = new SyntheticLesions(new SyntheticLesionOptions { Height = 48, Width = 48, Annotators = 3, Classes = classes });
        const int Draws = 2000;
        var probability = lesions.TrueProbability(5);
        var masks = lesions.DrawAnnotations(5, Draws, seed: 4);

        var largest = Enumerable.Range(0, probability.Length).Max(pixel =>
            Math.Abs(Enumerable.Range(0, Draws).Average(draw => (double)masks[(draw * probability.Length) + pixel]) - probability[pixel]));

        // As below: five standard deviations of 0.011.
        Assert.Multiple(() =>
        {
            Assert.That(largest, Is.LessThan(0.055));
            Assert.That(probability.Chunk(48 * 48).Select(own => own.Max()), Is.All.GreaterThan(0.5f), "each class is probable somewhere");
        });
    }

    [Test]
    public void Core_and_rim_exclude_each_other_and_make_the_lesion()
    {
        var options = new SyntheticLesionOptions { Images = 8, Height = 64, Width = 64, Seed = 3 };
        var (whole, parts) = (new SyntheticLesions(options), new SyntheticLesions(new SyntheticLesionOptions
        {
            Images = 8, Height = 64, Width = 64, Seed = 3, Classes = SyntheticClasses.CoreAndRim,
        }));

        for (var index = 0; index < 8; index++)
        {
            var (lesion, masks) = (whole.Read(index).Annotations, parts.Read(index).Annotations);
            Assert.That(masks.Classes.ToString(), Is.EqualTo("core, rim"));
            Assert.That(Array.ConvertAll(masks.ClassNumbers(), number => (byte)(number == 0 ? 0 : 1)), Is.EqualTo(lesion.Values));
            Assert.That(
                parts.TrueProbability(index)[..4096].Zip(parts.TrueProbability(index)[4096..], (core, rim) => core + rim),
                Is.EqualTo(whole.TrueProbability(index)).Within(1e-6));
        }
    }

    [Test]
    public void Two_kinds_of_lesion_overlap_in_some_images_and_the_solid_one_is_as_without_the_other()
    {
        var one = new SyntheticLesions(new SyntheticLesionOptions { Images = 12 });
        var two = new SyntheticLesions(new SyntheticLesionOptions { Images = 12, Classes = SyntheticClasses.TwoKinds });

        var masks = Enumerable.Range(0, 12).Select(index => two.Read(index).Annotations).ToArray();

        Assert.Multiple(() =>
        {
            Assert.That(masks[0].Classes.ToString(), Is.EqualTo("solid, striped (overlapping)"));
            Assert.That(masks[3].Plane(0, 0).ToArray(), Is.EqualTo(one.Read(3).Annotations[0].ToArray()));
            Assert.That(masks.Any(mask => mask.OfClass(0).Values.Zip(mask.OfClass(1).Values).Any(pixel => pixel is { First: 1, Second: 1 })));
        });
    }

    [Test]
    public void A_striped_lesion_is_below_the_core_and_rim_of_the_solid_one()
    {
        SyntheticLesions Of(SyntheticClasses classes) => new(new SyntheticLesionOptions { Images = 12, Height = 64, Width = 64, Seed = 3, Classes = classes });
        var (parts, three) = (Of(SyntheticClasses.CoreAndRim), Of(SyntheticClasses.CoreRimAndStriped));
        for (var index = 0; index < 12; index++)
        {
            var (solid, masks) = (parts.Read(index).Annotations, three.Read(index).Annotations);
            Assert.That(masks.Classes.ToString(), Is.EqualTo("core, rim, striped"));
            for (var reader = 0; reader < masks.Count; reader++)
            {
                Assert.That(masks.Plane(reader, 0).ToArray(), Is.EqualTo(solid.Plane(reader, 0).ToArray()), "core");
                Assert.That(masks.Plane(reader, 1).ToArray(), Is.EqualTo(solid.Plane(reader, 1).ToArray()), "rim");
            }
        }

        Assert.That(three.TrueProbability(4).Chunk(4096).Aggregate((sum, own) => [.. sum.Zip(own, (a, b) => a + b)]), Is.All.LessThan(1 + 1e-6f));
    }

    // With 2,000 draws the mean of a pixel strays from its probability by 0.011 (1 standard deviation) at most; 16,384 pixels, though
    // far from independent, stay within 5 of them.
    [Test]
    public void Mean_of_many_draws_approaches_the_true_probability([Values(0, 8, 21, 30)] int index)
    {
        var lesions = new SyntheticLesions(new SyntheticLesionOptions { Height = 64, Width = 80, Annotators = 3 });
        const int Draws = 2000;
        var masks = lesions.DrawAnnotations(index, Draws, seed: 4);
        var probability = lesions.TrueProbability(index);
        var largest = 0.0;
        for (var pixel = 0; pixel < probability.Length; pixel++)
        {
            var sum = 0;
            for (var draw = 0; draw < Draws; draw++)
            {
                sum += masks[(draw * probability.Length) + pixel];
            }

            largest = Math.Max(largest, Math.Abs(((double)sum / Draws) - probability[pixel]));
        }

        Assert.Multiple(() =>
        {
            Assert.That(largest, Is.LessThan(0.055));
            Assert.That(probability.Max(), Is.GreaterThan(0.8));
            Assert.That(probability.Min(), Is.LessThan(1e-6));
        });
    }

    [Test]
    public void Annotators_draw_from_tight_to_loose_and_disagree_as_radiologists_do()
    {
        var lesions = new SyntheticLesions(new SyntheticLesionOptions { Images = 80, Seed = 3 });
        var overlaps = new List<double>();
        var areas = new double[4];
        for (var index = 0; index < lesions.Count; index++)
        {
            var masks = lesions.Read(index).Annotations.Values.Chunk(128 * 128).ToArray();
            for (var first = 0; first < 4; first++)
            {
                areas[first] += masks[first].Sum(value => value);
                for (var second = first + 1; second < 4; second++)
                {
                    overlaps.Add(Overlap(masks[first], masks[second]));
                }
            }
        }

        Assert.Multiple(() =>
        {
            Assert.That(overlaps.Average(), Is.InRange(0.68, 0.80));
            Assert.That(areas, Is.Ordered);
        });
    }

    [Test]
    public void The_true_probability_is_the_mean_of_those_of_the_annotators_which_grow_from_slot_to_slot()
    {
        var lesions = new SyntheticLesions(new SyntheticLesionOptions { Height = 32, Width = 32, Annotators = 3 });
        var own = Enumerable.Range(0, 3).Select(annotator => lesions.TrueProbability(5, annotator)).ToArray();
        var all = lesions.TrueProbability(5);

        for (var pixel = 0; pixel < all.Length; pixel++)
        {
            Assert.That(all[pixel], Is.EqualTo((own[0][pixel] + own[1][pixel] + own[2][pixel]) / 3).Within(1e-6));
            Assert.That(own[0][pixel] <= own[1][pixel] && own[1][pixel] <= own[2][pixel]);
        }

        Assert.That(own[2].Sum(), Is.GreaterThan(1.2 * own[0].Sum()));
        Assert.That(() => lesions.TrueProbability(5, 3), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    // The outermost levels lie 1.386 edge widths either way in the logarithm of the radius, so areas differ by four times that.
    [Test]
    public void Spread_sets_how_far_apart_the_annotators_draw([Values(0.0, 1.0, 2.5)] double spread)
    {
        var options = new SyntheticLesionOptions { Images = 24, Height = 256, Width = 256 };
        var lesions = Enumerable.Range(0, options.Images).Select(index => new SyntheticLesion(options, index))
            .Where(lesion => !Enumerable.Range(0, 256 * 256).Any(lesion.IsSpicule));
        foreach (var lesion in lesions)
        {
            var (tight, loose) = (MeanArea(lesion, slot: 0), MeanArea(lesion, slot: 1));

            Assert.That(Math.Log(loose / tight), Is.EqualTo(4 * 1.386 * spread * lesion.EdgeWidth).Within(0.01));
        }

        double MeanArea(SyntheticLesion lesion, int slot)
        {
            var annotator = new SyntheticAnnotator(slot, 2, spread);
            return Enumerable.Range(0, 256 * 256).Sum(position => annotator.Probability(lesion, position));
        }
    }

    [Test]
    public void Faint_lesions_are_left_out_more_often_than_bright_ones()
    {
        var options = new SyntheticLesionOptions { Images = 400, Height = 16, Width = 16 };
        var lesions = Enumerable.Range(0, options.Images)
            .Select(index => new SyntheticLesion(options, index))
            .OrderBy(lesion => lesion.Contrast)
            .ToList();

        Assert.Multiple(() =>
        {
            Assert.That(lesions[0].OmissionProbability, Is.EqualTo(0.154).Within(0.01));
            Assert.That(lesions[^1].OmissionProbability, Is.EqualTo(0.004).Within(1e-6));
            Assert.That(lesions.Select(lesion => -lesion.OmissionProbability), Is.Ordered);
        });
    }

    [Test]
    public void Draws_are_checked()
    {
        var lesions = new SyntheticLesions();

        Assert.Multiple(() =>
        {
            Assert.That(
                () => lesions.DrawAnnotations(100, 1, 0),
                Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("images 0 to 99"));
            Assert.That(() => lesions.DrawAnnotations(0, -1, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => lesions.TrueProbability(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(lesions.DrawAnnotations(0, 0, 0), Is.Empty);
        });
    }

    private static double Overlap(byte[] first, byte[] second)
    {
        var both = first.Zip(second, (a, b) => a & b).Sum();
        var either = first.Zip(second, (a, b) => a | b).Sum();
        return either == 0 ? 1 : (double)both / either;
    }
}
