namespace AmbiSSL.Fuzz.Targets;

/// <summary>An export of Label Studio: a polygon and a brush.</summary>
internal sealed class LabelStudioTarget : OutlineTarget
{
    public override string Name => "label-studio";

    public override string FileName => "export.json";

    protected override IReadOnlyList<string> Images => ["a.png", Path.Combine("images", "b.png")];

    protected override IReadOnlyList<string> Texts =>
    [
        """[{"id":1,"data":{"image":"/data/upload/1/0a1b2c3d-a.png","subject":"p1"},"annotations":[{"completed_by":{"email":"anna@x.org"},"result":[{"type":"polygonlabels","original_height":10,"original_width":12,"image_rotation":0,"value":{"points":[[25,20],[75,20],[75,60.5],[25,60]],"polygonlabels":["Nodule"]}}]},{"completed_by":2,"was_cancelled":false,"result":[]}]},{"id":2,"data":{"image":"/data/local-files/?d=images/b.png"},"annotations":[]}]""",
        """[{"id":1,"data":{"image":"b.png"},"annotations":[{"completed_by":3,"result":[{"type":"brushlabels","original_height":10,"original_width":12,"value":{"rle":[0,0,1,224,57,27,254,110,0,3,254,32,0,63,226,0,3,254,32,0,63,226,0,3,254,32,0,63,240,208,0,31,241,0,1,255,16,0,31,241,0,1,255,16,0,31,241,0,1,255,134,128,0,255,136,0,15,248,128,0,255,136,0,15,248,128,0,255,136,0,15,252,52,0,7,252,64,0,127,196,0,7,252,64,0,127,196,0,7,252,64,0,127,236,176,0]}}]}]}]""",
    ];

    protected override ImageSource Open(string path) => LabelStudioImages.Open(path);
}
