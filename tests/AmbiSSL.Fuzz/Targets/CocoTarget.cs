namespace AmbiSSL.Fuzz.Targets;

/// <summary>Annotations in COCO's format: polygons, run lengths as numbers and as text.</summary>
internal sealed class CocoTarget : OutlineTarget
{
    public override string Name => "coco";

    public override string FileName => "outlines.json";

    protected override IReadOnlyList<string> Images => ["a.png", Path.Combine("images", "b.png")];

    protected override IReadOnlyList<string> Texts =>
    [
        """{"images":[{"id":7,"file_name":"a.png","height":10,"width":12},{"id":3,"file_name":"b.png","height":10,"width":12,"subject":"p1"}],"annotations":[{"id":1,"image_id":7,"category_id":1,"annotator":"anna","segmentation":[[2,1,6.5,1,6,4,2,4]]},{"id":2,"image_id":7,"category_id":1,"annotator":5,"segmentation":{"size":[10,12],"counts":[21,5,94]}}],"categories":[{"id":1,"name":"nodule"}]}""",
        """{"images":[{"id":1,"file_name":"a.png","height":10,"width":12}],"annotations":[{"id":4,"image_id":1,"category_id":2,"segmentation":{"size":[10,12],"counts":"e05n2"}}]}""",
    ];

    protected override ImageSource Open(string path) => CocoImages.Open(path);
}
