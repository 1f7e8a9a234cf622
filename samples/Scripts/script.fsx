// A script: copy it to a folder of its own and call `dotnet fsi script.fsx`.
#r "nuget: AmbiSSL.MLNet, *-*"
#r "nuget: TorchSharp-cpu, 0.107.0"

open AmbiSSL
open Microsoft.ML

let ml = MLContext(seed = 1)
let seg = ml.AmbiguousSegmentation()
let lesions = SyntheticLesions(SyntheticLesionOptions(Images = 16, Height = 32, Width = 32))
let data = seg.Load(lesions)

// One epoch of a tiny network shows the way, not what a model can learn.
let options =
    AmbiSSLOptions(Samples = 4, Epochs = 1, Backbone = UNetBackbone(Filters = [| 8; 16 |]), PruneFromBlock = 0, LatentFilters = [| 8 |])

let model = ml.Transforms.AmbiSSL(options).Fit(data)
let scored = model.Transform(data)

seg.DrawSheet(scored, images = 1, samples = options.Samples).Save("sheet.png")
printfn "%O" (seg.Evaluate(scored))
