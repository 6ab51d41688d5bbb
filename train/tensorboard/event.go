package tensorboard

// The messages of tensorflow/core/util/event.proto and
// tensorflow/core/framework/{summary,tensor,tensor_shape}.proto, of which these fields
// are written:
//
//	message Event {
//	  double wall_time = 1;
//	  int64 step = 2;
//	  oneof what {
//	    string file_version = 3;
//	    Summary summary = 5;
//	  }
//	}
//	message Summary {
//	  repeated Value value = 1;
//	  message Value {
//	    string tag = 1;
//	    SummaryMetadata metadata = 9;
//	    oneof value {
//	      float simple_value = 2;
//	      Image image = 4;
//	      TensorProto tensor = 8;
//	    }
//	  }
//	  message Image { int32 height = 1; int32 width = 2; int32 colorspace = 3; bytes encoded_image_string = 4; }
//	}
//	message SummaryMetadata {
//	  PluginData plugin_data = 1;
//	  string display_name = 2;
//	  string summary_description = 3;
//	  DataClass data_class = 4;
//	  message PluginData { string plugin_name = 1; bytes content = 2; }
//	}
//	message TensorProto { DataType dtype = 1; TensorShapeProto tensor_shape = 2; repeated bytes string_val = 8; }
//	message TensorShapeProto { repeated Dim dim = 2; message Dim { int64 size = 1; } }
const (
	fileVersion = "brain.Event:2" // of tensorflow/core/util/events_writer.h

	dtFloat  = 1 // of tensorflow/core/framework/types.proto
	dtString = 7
)

// Scalar is a number at a step. TensorBoard keeps it as a float32.
type Scalar struct {
	Tag   string
	Value float64
}

// Image is a picture of a finished run.
type Image struct {
	Tag         string
	Title       string // shown above it
	Description string // for those who ask, in Markdown
	// Width and Height are in pixels.
	Width, Height int
	PNG           []byte
}

// event returns an Event that holds a Summary.
func event(wall float64, step int, summary message) message {
	return message(nil).double(1, wall).varint(2, uint64(step)).bytes(5, summary)
}

func versionEvent(wall float64) message {
	return message(nil).double(1, wall).text(3, fileVersion)
}

// scalars returns a Summary.
func scalars(list []Scalar) message {
	var s message
	for _, x := range list {
		s = s.bytes(1, message(nil).text(1, x.Tag).float(2, float32(x.Value)))
	}
	return s
}

func (i Image) summary() message {
	const rgba = 4 // the colorspace
	image := message(nil).varint(1, uint64(i.Height)).varint(2, uint64(i.Width)).varint(3, rgba).bytes(4, i.PNG)
	value := message(nil).text(1, i.Tag).bytes(4, image)
	return message(nil).bytes(1, value.bytes(9, metadata("images", nil, i.Title, i.Description)))
}

// metadata returns a SummaryMetadata.
func metadata(plugin string, content []byte, title, description string) message {
	data := message(nil).text(1, plugin)
	if len(content) > 0 {
		data = data.bytes(2, content)
	}
	return message(nil).bytes(1, data).text(2, title).text(3, description)
}

// pluginText returns a Summary with a string tensor for a plugin: of the plugin text,
// Markdown; of custom_scalars, a message.
func pluginText(tag, plugin string, content []byte) message {
	tensor := message(nil).varint(1, dtString).bytes(2, dimension(1)).bytes(8, content)
	value := message(nil).text(1, tag).bytes(8, tensor)
	return message(nil).bytes(1, value.bytes(9, metadata(plugin, nil, "", "")))
}

// dimension returns a TensorShapeProto of one dimension.
func dimension(size int) message {
	return message(nil).bytes(2, message(nil).varint(1, uint64(size)))
}

// pluginData returns a Summary that is all in its metadata; the tensor is empty.
func pluginData(tag, plugin string, content message) message {
	tensor := message(nil).varint(1, dtFloat).bytes(2, dimension(0))
	value := message(nil).text(1, tag).bytes(8, tensor)
	return message(nil).bytes(1, value.bytes(9, metadata(plugin, content, "", "")))
}
