/** photosync's own XMP namespace: the name of its photo ids, since a name on the Web would have to be kept up. */
export const PHOTOSYNC_NAMESPACE = "urn:uuid:3c8f7d0e-5b0a-4c58-9a41-7f1f5f0a2b61#";

/**
 * The group names that exiftool gives to XMP namespaces, by namespace URI. A document may choose any prefix, so names
 * are told apart by URI alone; an unknown namespace keeps the document's own prefix.
 */
export const XMP_GROUPS: Readonly<Record<string, string>> = {
  "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
  "adobe:ns:meta/": "x",
  "http://www.w3.org/XML/1998/namespace": "xml",
  "http://purl.org/dc/elements/1.1/": "dc",
  "http://ns.adobe.com/xap/1.0/": "xmp",
  "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
  "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
  "http://ns.adobe.com/xap/1.0/bj/": "xmpBJ",
  "http://ns.adobe.com/xap/1.0/sType/ResourceRef#": "stRef",
  "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#": "stEvt",
  "http://ns.adobe.com/xap/1.0/sType/Dimensions#": "stDim",
  "http://ns.adobe.com/xmp/sType/Area#": "stArea",
  "http://ns.adobe.com/xmp/1.0/DynamicMedia/": "xmpDM",
  "http://ns.adobe.com/xmp/note/": "xmpNote",
  "http://ns.adobe.com/photoshop/1.0/": "photoshop",
  "http://ns.adobe.com/camera-raw-settings/1.0/": "crs",
  "http://ns.adobe.com/exif/1.0/": "exif",
  "http://ns.adobe.com/exif/1.0/aux/": "aux",
  "http://cipa.jp/exif/1.0/": "exifEX",
  "http://ns.adobe.com/tiff/1.0/": "tiff",
  "http://ns.adobe.com/lightroom/1.0/": "lr",
  "http://ns.adobe.com/pdf/1.3/": "pdf",
  "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "iptcCore",
  "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "iptcExt",
  "http://www.metadataworkinggroup.com/schemas/regions/": "mwg-rs",
  "http://www.metadataworkinggroup.com/schemas/keywords/": "mwg-kw",
  "http://ns.microsoft.com/photo/1.0/": "microsoft",
  "http://ns.microsoft.com/photo/1.0": "microsoft",
  "http://ns.microsoft.com/photo/1.2/": "MP",
  "http://ns.microsoft.com/photo/1.2/t/RegionInfo#": "MPRI",
  "http://ns.microsoft.com/photo/1.2/t/Region#": "MPReg",
  "http://www.digikam.org/ns/1.0/": "digiKam",
  "http://ns.google.com/photos/1.0/camera/": "GCamera",
  "http://ns.google.com/photos/1.0/container/": "GContainer",
  "http://ns.google.com/photos/1.0/container/item/": "GContainerItem",
  "http://ns.google.com/photos/1.0/panorama/": "GPano",
  "http://ns.acdsee.com/iptc/1.0/": "acdsee",
  [PHOTOSYNC_NAMESPACE]: "photosync",
};

/** XMP's own names and exiftool's, where they differ. */
export const XMP_RENAMED: Readonly<Record<string, string>> = {
  "tiff:ImageLength": "ImageHeight",
  "tiff:DateTime": "ModifyDate",
  "exif:DateTimeDigitized": "CreateDate",
  "exif:GPSTimeStamp": "GPSDateTime",
  "exif:ISOSpeedRatings": "ISO",
  "exif:ExposureBiasValue": "ExposureCompensation",
  "exif:PixelXDimension": "ExifImageWidth",
  "exif:PixelYDimension": "ExifImageHeight",
};
