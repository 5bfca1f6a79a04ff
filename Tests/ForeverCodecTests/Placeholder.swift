// Placeholder of the empty target; replaced by its first file.
