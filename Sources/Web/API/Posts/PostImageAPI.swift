import Catalog
import Offbeat
import Serving

/// The image of a post.
enum PostImageAPI {
    static let routes: [Route] = [
        Route(
            .get, PostAPI.one + "/image", "The image of a post", tag: "posts",
            answers: [.bytes("image/*", "The image"), .unchanged]
        ) { call in
            let session = try call.session()
            let post = try PostAPI.find(call, session)
            let tag = (post.json["image"]?["oid"]?.asString).map { "\"\($0.prefix(24))\"" }
            if let tag, call.request.knows(tag) { return Response(304) }
            let (bytes, format) = try session.imageOfPost(post.post.id.hex)
            var response = Response(200, bytes: bytes, type: "image/\(format == "jpg" ? "jpeg" : format)")
            response.headers["ETag"] = tag
            response.headers["Cache-Control"] = "private, no-cache"
            response.headers["X-Content-Type-Options"] = "nosniff"
            return response
        },
        Route(
            .put, PostAPI.one + "/image", "Give a post an image: PNG, JPEG, GIF or WebP", tag: "posts",
            body: .bytes, answers: [PostAPI.changed]
        ) { call in
            // Before the bytes are sent: they would come in vain.
            _ = try PostAPI.find(call, call.session())
            let bytes = try call.request.body.collect(upTo: imageLimit)
            return try PostAPI.edit(call, [.imageBytes(bytes)])
        },
        Route(
            .delete, PostAPI.one + "/image", "Take the image of a post away", tag: "posts",
            answers: [PostAPI.changed]
        ) { call in try PostAPI.edit(call, [.image(nil)]) },
    ]

    private static let imageLimit = 32 << 20
}
