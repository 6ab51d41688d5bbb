package tensorboard

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"qk/train"
)

// The messages of tensorboard/plugins/hparams/plugin_data.proto and api.proto, and
// google/protobuf/struct.proto, of which these fields are written:
//
//	message HParamsPluginData {
//	  oneof data {
//	    Experiment experiment = 2;
//	    SessionStartInfo session_start_info = 3;
//	    SessionEndInfo session_end_info = 4;
//	  }
//	}
//	message Experiment { string description = 1; double time_created_secs = 3; repeated HParamInfo hparam_infos = 4;
//	  repeated MetricInfo metric_infos = 5; }
//	message HParamInfo { string name = 1; DataType type = 4; bool differs = 7; }
//	message MetricInfo { MetricName name = 1; string display_name = 3; string description = 4; }
//	message MetricName { string group = 1; string tag = 2; }
//	message SessionStartInfo { map<string, google.protobuf.Value> hparams = 1; double start_time_secs = 5; }
//	message SessionEndInfo { Status status = 1; double end_time_secs = 2; }
//	message Value { oneof kind { double number_value = 2; string string_value = 3; bool bool_value = 4; } }
//
// A map is a repeated message { key = 1; value = 2; }.
const (
	hparamsPlugin   = "hparams"
	experimentTag   = "_hparams_/experiment"
	sessionStartTag = "_hparams_/session_start_info"
	sessionEndTag   = "_hparams_/session_end_info"

	typeString, typeBool, typeNumber = 1, 2, 3 // DataType
	statusSuccess, statusFailure     = 1, 2    // Status
)

// experiment returns the Summary that tells the tab HPARAMS which settings and which
// results there are. It is the same in every run, for TensorBoard takes the first.
func experiment(fields []train.Field, created time.Time) message {
	m := message(nil).text(1, "Runs of qk").double(3, seconds(created))
	for _, f := range fields {
		kind := uint64(typeNumber)
		switch f.Value.(type) {
		case string:
			kind = typeString
		case bool:
			kind = typeBool
		}
		info := message(nil).text(1, f.Name).varint(4, kind)
		if slices.Contains(shownSettings(), f.Name) {
			info = info.varint(7, 1)
		}
		m = m.bytes(4, info)
	}
	for _, r := range results() {
		m = m.bytes(5, message(nil).bytes(1, message(nil).text(2, r.tag)).text(3, r.title).text(4, r.about))
	}
	return pluginData(experimentTag, hparamsPlugin, message(nil).bytes(2, m))
}

// sessionStart returns the Summary with the settings of a run.
func sessionStart(fields []train.Field, created time.Time) (message, error) {
	var m message
	for _, f := range fields {
		var value message
		switch x := f.Value.(type) {
		case string:
			value = value.bytes(3, []byte(x)) // "" is a value, too
		case bool:
			value = append(value, 4<<3, 0) // and so is false
			if x {
				value[1] = 1
			}
		case json.Number:
			number, err := x.Float64()
			if err != nil {
				return nil, fmt.Errorf("setting %s: %w", f.Name, err)
			}
			value = value.double(2, number)
		}
		m = m.bytes(1, message(nil).text(1, f.Name).bytes(2, value))
	}
	m = m.double(5, seconds(created))
	return pluginData(sessionStartTag, hparamsPlugin, message(nil).bytes(3, m)), nil
}

// sessionEnd returns the Summary that says how a run ended.
func sessionEnd(status uint64, ended time.Time) message {
	m := message(nil).varint(1, status).double(2, seconds(ended))
	return pluginData(sessionEndTag, hparamsPlugin, message(nil).bytes(4, m))
}

// shownSettings are those that are said to differ among runs, which TensorBoard lists
// before the others. It shows the first five until more are asked for.
func shownSettings() []string { return []string{"corpus", "l2", "lr", "rank", "seed"} }

func seconds(t time.Time) float64 { return float64(t.UnixMilli()) / 1e3 }
